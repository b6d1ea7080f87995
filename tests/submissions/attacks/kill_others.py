"""tries: kill the judge, the parent and everybody else

plain: no
"""

import os, signal

for pid in (@VICTIM@, os.getppid(), 1):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        print(error)
