"""tries: stop itself, so that no answer ever comes

bomb: yes
"""

import os, signal

os.kill(os.getpid(), signal.SIGSTOP)
