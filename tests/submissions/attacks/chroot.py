"""tries: climb out through chroot"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


os.makedirs("jail", exist_ok=True)
before = os.open("/", os.O_RDONLY | os.O_PATH)
try:
    os.chroot("jail")
    print("@WIN@")
    os.fchdir(before)
    os.chroot(".")
except OSError as error:
    print(error)
