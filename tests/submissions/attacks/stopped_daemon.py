"""tries: leave a stopped process behind that ignores signals"""

import os, signal

if os.fork() == 0:
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    os.setsid()
    os.execlp("sh", "sh", "-c", "trap '' TERM INT HUP QUIT; kill -STOP $$; sleep @MARK@")
