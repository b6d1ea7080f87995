"""tries: close the kernel's own sockets

bomb: yes
"""

import os

os.closerange(0, 1000)
