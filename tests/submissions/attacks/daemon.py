"""tries: leave a process behind that outlives the cell and the kernel"""

import os, subprocess

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execlp("sleep", "sleep", "@MARK@")
    os._exit(0)
