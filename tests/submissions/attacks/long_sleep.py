"""tries: sleep for ever

bomb: yes
"""

import time

time.sleep(10**6)
