"""tries: enter the namespaces of another process"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


import glob

for path in glob.glob("/proc/[0-9]*/ns/*"):
    try:
        if libc.setns(os.open(path, os.O_RDONLY), 0) == 0:
            print("@WIN@", path)
    except OSError as error:
        print(error)
