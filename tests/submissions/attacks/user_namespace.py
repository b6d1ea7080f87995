"""tries: become root in a user namespace of its own

plain: no
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


child = os.fork()
if child == 0:
    os._exit(0 if libc.unshare(0x10000000) == 0 else 1)
if os.waitpid(child, 0)[1] == 0:
    print("@WIN@ unshare")
if call(56, 0x10000000 | 17, None, None, None, None) == 0:
    os._exit(0)
elif ctypes.get_errno() == 0:
    print("@WIN@ clone")
