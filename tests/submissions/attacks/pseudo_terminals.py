"""tries: take the machine's pseudo terminals, so that nobody else gets one

measures: system calls
"""

import os

held = []
for _ in range(300):
    try:
        held.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        print(error)
        break
if held:
    print("@WIN@ took", len(held))
