"""tries: put a process beside itself, where whoever counts its children does not see it

measures: system calls
"""

import ctypes, os, signal

libc = ctypes.CDLL(None, use_errno=True)
CLONE_PARENT = 0x8000
child = libc.syscall(56, CLONE_PARENT | signal.SIGCHLD, None, None, None, None)
if child == 0:
    os._exit(0)
print(child, os.strerror(ctypes.get_errno()))
if child > 0:
    print("@WIN@")
