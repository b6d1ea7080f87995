"""tries: look through the home and course folders that really are on this machine"""

import glob, os

for place in ("@HOME@", "@COURSE@"):
    for pattern in ("/.*", "/.ssh/*", "/.config/*", "/solutions/*", "/tests/*", "/.git/HEAD"):
        for path in glob.glob(place + pattern):
            if os.path.basename(path) not in (".venv", ".pyenv"):
                print("@WIN@", path)
