"""tries: keep a hard link to a file outside"""

import os

os.link("@OUTSIDE@/gradebook.db", "mine.db")
print(open("mine.db").read())
