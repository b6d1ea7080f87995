"""tries: read another process's memory by system call"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


local, remote = ctypes.create_string_buffer(8), None
start = int(open("/proc/1/maps").read().split("-")[0] or "0", 16)
mine = (ctypes.c_void_p * 2)(ctypes.addressof(local), 8)
theirs = (ctypes.c_void_p * 2)(start, 8)
for pid in (1, os.getppid()):
    if libc.process_vm_readv(pid, mine, 1, theirs, 1, 0) > 0:
        print("@WIN@", pid)
