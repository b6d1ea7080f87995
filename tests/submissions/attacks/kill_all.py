"""tries: kill every process it may

plain: no
"""

import os, signal

os.kill(-1, signal.SIGKILL)
