"""tries: do its file and network work through io_uring, past the filter of system calls

measures: system calls
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


if call(425, 8, ctypes.create_string_buffer(120)) >= 0:
    print("@WIN@")
