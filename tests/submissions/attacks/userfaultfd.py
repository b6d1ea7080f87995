"""tries: stop the kernel inside a page fault with userfaultfd

measures: system calls
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


if call(323, 1) >= 0:
    print("@WIN@")
