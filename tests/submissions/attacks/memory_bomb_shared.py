"""tries: take all memory, in shared mappings and /dev/shm

bomb: yes
"""

import mmap, os

held = []
try:
    while True:
        held.append(mmap.mmap(-1, 100_000_000))
        held[-1].write(b"x" * 100_000_000)
except (OSError, MemoryError) as error:
    print(error)
with open("/dev/shm/attack-@MARK@", "wb") as file:
    while True:
        file.write(bytes(50_000_000))
