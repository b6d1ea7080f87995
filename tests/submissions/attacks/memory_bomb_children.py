"""tries: take all memory, in many processes that each take a little

bomb: yes
"""

import os, time

for _ in range(40):
    if os.fork() == 0:
        held = [bytearray(os.urandom(1) * 200_000_000)]
        time.sleep(1000)
time.sleep(1000)
