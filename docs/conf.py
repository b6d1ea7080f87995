"""Settings of the documentation, built by ``make docs``."""

import shutil
from pathlib import Path

project = "rnn-course"
extensions = ["myst_nb"]
html_theme = "furo"
html_title = "rnn-course"
exclude_patterns = ["_build", "jupyter_execute"]
nb_execution_mode = "off"  # the notebooks come with nothing to run: students fill them in
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.xref_missing",  # links to files of the repository, which tests look at
    "myst.header",  # a notebook's headings are its author's
]

# the released notebooks are pages; they are copied, because a page has to lie below this folder
_HERE = Path(__file__).parent
_RELEASED = _HERE / "released"
shutil.rmtree(_RELEASED, ignore_errors=True)
_RELEASED.mkdir()
for _notebook in sorted(_HERE.parent.glob("assignments/*/*.ipynb")):
    shutil.copy(_notebook, _RELEASED / f"{_notebook.parent.name}.ipynb")
