"""tries: list and read every classmate's submission"""

import glob

for path in glob.glob("@OUTSIDE@/submitted/*/*/*"):
    print(path, open(path).read())
