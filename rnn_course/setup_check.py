"""``rnn-course check-setup``: does everything that a notebook needs work on this machine?"""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rnn_course.checks.packed import SUFFIX, unpack
from rnn_course.errors import CheckError

_NEEDED = ("numpy", "torch", "librosa", "matplotlib", "safetensors")
_SECONDS = 180  # for a kernel to start and to import torch, on a slow laptop


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        ok: whether it works.
        what: it.
        fix: what to do where it does not.
    """

    ok: bool
    what: str
    fix: str = ""

    def text(self) -> str:
        """Return the finding as a line."""
        return f"{'ok     ' if self.ok else 'MISSING'} {self.what}" + (
            f". {self.fix}" if self.fix else ""
        )


def check_setup(folder: Path) -> Iterator[Finding]:
    """Look at Python, packages, the courseworks in a folder or below it, and a kernel.

    Args:
        folder: where the hand-out was unpacked, or one coursework's folder in it.
    """
    yield Finding(True, f"Python {sys.version.split()[0]}")
    packages = [_package(name) for name in _NEEDED]
    yield from packages
    courses = sorted([*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}")])
    if not courses:
        yield Finding(
            False, f"courseworks in {folder.resolve()}", "Run this where you unpacked the hand-out."
        )
    opened = [_coursework(path) for path in courses]
    yield from opened
    works = [path for path, found in zip(courses, opened, strict=True) if found.ok]
    if works and all(package.ok for package in packages):
        yield _kernel(works[0])


def _package(name: str) -> Finding:
    try:
        importlib.import_module(name)
        return Finding(True, f"{name} {version(name)}")
    except (ImportError, OSError, PackageNotFoundError) as error:
        return Finding(False, f"{name} ({error})", "Run: pip install -r requirements.txt")


def _coursework(path: Path) -> Finding:
    try:
        course = unpack(path.read_bytes())
    except CheckError as error:
        return Finding(False, f"{path.name}: {error}")
    if not (path.parent / course.notebook).is_file():
        return Finding(
            False, f"{course.notebook} beside {path.name}", "Put the two into one folder again."
        )
    return Finding(True, f"{path.parent.name}: {len(list(course))} questions")


def _kernel(checks: Path) -> Finding:
    """Start what JupyterLab would start, and let it list a coursework's questions."""
    try:
        from jupyter_client.manager import start_new_kernel
    except ImportError as error:
        return Finding(False, f"JupyterLab ({error})", "Run: pip install jupyterlab")
    code = (
        "from rnn_course.checks.notebook import notebook\n"
        f"check = notebook({checks.stem!r})\nprint(check())"
    )
    try:
        manager, client = start_new_kernel(startup_timeout=_SECONDS, cwd=str(checks.parent))
    except Exception as error:  # whatever a broken installation raises
        return Finding(False, f"a kernel that starts ({error})", "Run: pip install ipykernel")
    try:
        reply = client.execute_interactive(code, timeout=_SECONDS, output_hook=lambda _: None)
    except TimeoutError:
        return Finding(False, f"a kernel that answers within {_SECONDS} s", "Try again.")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    content = reply["content"]
    if content["status"] != "ok":
        said = f"{content.get('ename')}: {content.get('evalue')}"
        return Finding(False, f"a notebook that can check ({said})")
    return Finding(True, f"a notebook starts and checks {checks.stem}")
