"""tries: hand in files whose names are commands, markup, options and paths

after: folder
"""

import contextlib
import os

names = ["two\nlines", "\x1b[2J\x1b]0;mine\x07", "<script>@MARK@</script>", "[red]x[@click=f]"]
names += [
    "-rf",
    "--force",
    "..%2f..%2fetc",
    "C:\\x",
    "\u202egpj.exe",
    "x" * 250,
    "$(touch x)",
    "`id`",
]
names += ["con", "{0.__class__}", "%s%n", "nbgrader_config.py", ".hidden", "~", "\udcff\udcfe"]
for name in names:
    with contextlib.suppress(OSError):
        with open(name, "w") as file:
            file.write("x")
with open("<img src=x onerror=alert(@MARK@)>.ipynb", "w") as file:
    file.write("{}")
