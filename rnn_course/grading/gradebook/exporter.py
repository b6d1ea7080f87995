"""nbgrader's reader of submissions, for whatever a student may have handed in."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter


class SubmissionExporter(NotebookExporter):
    """Reads what was handed in, also where it is no notebook: then an empty one stands for it."""

    def from_filename(self, filename: str, resources: dict | None = None, **kw: Any) -> Any:
        """Convert a file; see `nbconvert.Exporter.from_filename`."""
        try:
            nbformat.read(filename, as_version=4)
        except Exception:  # nbformat lets JSON, schema, type and attribute errors through
            empty = nbformat.v4.new_notebook()
            path = Path(filename)
            resources = dict(resources or {})
            resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
            return self.from_notebook_node(empty, resources=resources, **kw)
        return super().from_filename(filename, resources=resources, **kw)
