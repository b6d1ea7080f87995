"""tries: read the memory of the process that started this one"""

import os

for pid in (os.getppid(), 1):
    try:
        maps = open(f"/proc/{pid}/maps").read().split()[0]
        memory = open(f"/proc/{pid}/mem", "rb")
        memory.seek(int(maps.split("-")[0], 16))
        print("@WIN@", memory.read(16))
    except OSError as error:
        print(error)
