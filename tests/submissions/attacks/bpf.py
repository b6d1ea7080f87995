"""tries: load programs into the kernel: bpf, perf events, modules

measures: system calls
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


union = ctypes.create_string_buffer(128)
for number, arguments in ((321, (0, union, 72)), (298, (union, 0, -1, -1, 0)), (175, (union, 1, b""))):
    if call(number, *arguments) >= 0:
        print("@WIN@", number)
