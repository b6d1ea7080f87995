"""tries: hold memory that its own page tables no longer show

plain: no
"""

import ctypes, mmap

libc = ctypes.CDLL(None, use_errno=True)
SIZE, DONT_NEED = 64 * 2**20, 4
for _ in range(3):
    try:
        held = mmap.mmap(-1, SIZE)
    except OSError as error:
        print(error)
        break
    held.write(bytes(SIZE))
    place = ctypes.addressof(ctypes.c_char.from_buffer(held))
    if libc.madvise(ctypes.c_void_p(place), ctypes.c_size_t(SIZE), DONT_NEED) == 0:
        print("@WIN@ holds what nobody sees")
