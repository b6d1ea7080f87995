"""tries: write into the instructor's folder"""

import os

for path in ("@OUTSIDE@/planted.txt", "@OUTSIDE@/gradebook.db", "@OUTSIDE@/solutions/cw/cw.ipynb"):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a") as file:
            file.write("@WIN@")
    except OSError as error:
        print(error)
