"""The page on which formgrader lets a person mark, made without a server."""

from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader import handlers

from rnn_course.grading.gradebook.course import load_config


def formgrader_page(notebook: NotebookNode, root: Path, coursework: str = "") -> str:
    """Return what formgrader shows of a graded notebook, by a course's settings."""
    config = load_config(root)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    about = {
        "assignment_id": coursework,
        "base_url": "",
        "submission_id": "x",
        "index": 0,
        "total": 1,
        "notebook_id": "x",
    }
    return HTMLExporter(config=config).from_notebook_node(notebook, resources=about)[0]
