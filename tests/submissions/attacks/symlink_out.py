"""tries: read through a symbolic link that it makes itself"""

import os

os.symlink("@OUTSIDE@", "elsewhere")
print(open("elsewhere/gradebook.db").read())
