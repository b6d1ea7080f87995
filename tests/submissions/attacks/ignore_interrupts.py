"""tries: compute for ever and shrug off every interrupt

bomb: yes
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
