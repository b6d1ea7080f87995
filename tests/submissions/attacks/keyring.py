"""tries: read and leave keys in the kernel's key rings

measures: system calls
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


if call(248, b"user", b"left-by-attack", b"x", 1, -3) >= 0 or call(250, 0, -4, 0) >= 0:
    print("@WIN@")
