"""Puts the toy coursework in the place of a real one, in every Python that has this on its path.

That is how the tests of a class reach Dask's workers, command lines and Jupyter servers.
"""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path


class _Toy:
    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != "rnn_course.courseworks.cw2_speech_commands":
            return None
        return spec_from_file_location(name, Path(__file__).parents[1] / "toy_course.py")


sys.meta_path.insert(0, _Toy())
