"""tries: read the disk itself"""

import glob, os

os.makedirs("dev", exist_ok=True)
try:
    os.mknod("dev/disk", 0o60600, os.makedev(254, 0))
except OSError as error:
    print(error)
for path in ["dev/disk", *glob.glob("/dev/vd*"), *glob.glob("/dev/sd*"), *glob.glob("/dev/nvme*")]:
    try:
        with open(path, "rb") as disk:
            disk.read(512)
        print("@WIN@", path)
    except OSError as error:
        print(error)
