"""tries: open files without end

bomb: yes
"""

import os

held = []
while True:
    held.append(os.pipe())
