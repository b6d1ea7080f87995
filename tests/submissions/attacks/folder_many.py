"""tries: hand in twenty thousand files and folders in folders

after: folder
bomb: yes
"""

import os

for number in range(20_000):
    with open(f"{number}.csv", "w") as file:
        file.write("1")
deep = "/".join(["d"] * 300)
os.makedirs(deep)
with open(f"{deep}/notebook.ipynb", "w") as file:
    file.write("{}")
