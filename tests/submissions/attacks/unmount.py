"""tries: uncover what the wall has covered

plain: no
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


for folder in (b"/run/wall", b"/run/compiled", b"/tmp", b"/proc", b"/dev/shm"):
    if libc.umount2(folder, 2) == 0 and b"tmp" not in folder:
        print("@WIN@", folder)
