"""tries: read secrets from the environment of other processes"""

import glob

for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(open(path, "rb").read())
    except OSError as error:
        print(error)
