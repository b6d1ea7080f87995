"""tries: take over the process that started this one

plain: no
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


for pid in (os.getppid(), 1, @VICTIM@):
    if libc.ptrace(16, pid, 0, 0) == 0:
        print("@WIN@", pid)
        os.waitpid(pid, 0x40000000)
        libc.ptrace(17, pid, 0, 0)
