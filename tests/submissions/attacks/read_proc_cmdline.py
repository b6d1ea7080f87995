"""tries: see which other processes this machine runs"""

import glob

for path in glob.glob("/proc/[0-9]*/cmdline"):
    try:
        print(open(path, "rb").read())
    except OSError as error:
        print(error)
