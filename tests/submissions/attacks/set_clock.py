"""tries: change the machine's clock, name or run level

plain: no
"""

import ctypes, os, platform

libc = ctypes.CDLL(None, use_errno=True)


def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    print(number, result, os.strerror(ctypes.get_errno()))
    return result


import time

try:
    time.clock_settime(time.CLOCK_REALTIME, time.time())
    print("@WIN@")
except OSError as error:
    print(error)
if call(169, 0xFEE1DEAD, 672274793, 0, None) == 0 or libc.sethostname(b"x", 1) == 0:
    print("@WIN@")
