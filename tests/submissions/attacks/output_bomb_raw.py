"""tries: write to the process's own streams without end, past Python's

bomb: yes
"""

import os

while True:
    for descriptor in (1, 2):
        os.write(descriptor, b"x" * 65536)
