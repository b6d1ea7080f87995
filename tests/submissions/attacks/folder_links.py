"""tries: hand in links: to the solution, to a classmate's answers, and to folders above

after: folder
plain: no
"""

import os

os.symlink("@OUTSIDE@/solutions/cw/cw.ipynb", "speech_commands.ipynb")
os.symlink("@OUTSIDE@/submitted", "data")
os.symlink("@OUTSIDE@/.ssh/id_ed25519", "key.txt")
os.symlink("/", "root")
os.symlink(".", "again")
