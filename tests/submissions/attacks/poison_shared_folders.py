"""tries: leave something where the next submission's kernel looks: sockets, caches, /tmp"""

import os

for folder in ("/run/wall", "/run/compiled", "/run", "/dev", "/", "/var/tmp", "/home"):
    path = os.path.join(folder, "planted_by_attack")
    try:
        open(path, "x").close()
        os.remove(path)
        print("@WIN@", path)
    except OSError as error:
        print(error)
