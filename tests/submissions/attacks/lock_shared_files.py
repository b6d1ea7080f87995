"""tries: lock files that all submissions and the judge share

measures: system calls
"""

import fcntl, os, torch

for path in (torch.__file__, os.__file__, "/etc/passwd"):
    for lock in (fcntl.flock, lambda f, how: fcntl.fcntl(f, 1024, fcntl.F_RDLCK)):
        with open(path) as file:
            try:
                lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                print(path, error)
            else:
                print("@WIN@", path)
