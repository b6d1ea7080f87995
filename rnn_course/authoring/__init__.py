"""Builds our own notebooks: execute, normalise, audit, release.

``solutions/`` is the source, ``assignments/`` what nbgrader derives from it; see `build`.
"""

from rnn_course.authoring.builder import build

__all__ = ["build"]
