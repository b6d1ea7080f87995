"""What students get: notebooks, recorded checks, the package, and how to begin; no solution."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path, PurePosixPath
from string import Template

import nbformat

from rnn_course.authoring.release import read_tree
from rnn_course.authoring.student_wheel import student_wheel, zipped
from rnn_course.checks.packed import SUFFIX, unpack
from rnn_course.errors import AuthoringError

KEPT = "handout.json"
RELEASED = "assignments"
SOURCE = "RNN_COURSE_SOURCE = "
_BEGINNINGS = {
    "README.md": "README.md",
    "requirements.txt": "requirements.txt",
    "environment.yml": "environment.yml",
    "constraints.txt": "constraints.txt",
    "Dockerfile": "Dockerfile",
    ".dockerignore": "dockerignore",
    ".devcontainer/devcontainer.json": "devcontainer.json",
}
"""What every hand-out has, by path, and the template that it is made of."""
_PAGE = re.compile(r"\]\(\.\./\.\./(docs/[\w./-]+)")


def handout(
    root: Path | str, to: Path | str, courseworks: Sequence[str] = (), *, source: str = ""
) -> list[str]:
    """Write a complete hand-out: a folder, or a zip file where the name ends with ``.zip``.

    A folder that holds an earlier hand-out is brought up to date. What somebody changed in it, or
    put there, is not touched.

    Args:
        root: the course's folder, with ``assignments/``.
        to: where.
        courseworks: names; all that are released if there are none.
        source: where a notebook installs the package from if it is missing: a URL or a file; the
            wheel of the hand-out by default.

    Returns:
        what was written, by path below ``to``.

    Raises:
        AuthoringError: nothing is released under a name, or files of others are in the way.
    """
    chosen = _chosen(Path(root) / RELEASED, courseworks)
    wheel, package = student_wheel()
    made: dict[str, bytes] = {wheel: package}
    titles = {}
    for folder in chosen:
        titles[folder.name] = _title(folder)
        for path, content in read_tree(folder).items():
            data = content
            if path.endswith(".ipynb"):
                data, pages = _with_pages(Path(root), data)
                made |= pages
                data = _pointed(data, source or f"../{wheel}")
            made[f"{folder.name}/{path}"] = data
    made |= _beginnings(wheel, titles, {path for path in made if path.endswith(".ipynb")})
    target = Path(to)
    if target.suffix == ".zip":
        _write_zip(target, made)
    else:
        _write_folder(target, made)
    return sorted(made)


def _chosen(released: Path, names: Sequence[str]) -> list[Path]:
    there = {path.parent.name: path.parent for path in sorted(released.glob(f"*/*{SUFFIX}"))}
    unknown = [name for name in names if name not in there]
    if unknown or not there:
        raise AuthoringError(
            f"released courseworks in {released}: {', '.join(there) or 'there are none'}",
            ", ".join(unknown) or "no name",
            "Correct the name, or release it first: rnn-course build NAME",
        )
    return [there[name] for name in dict.fromkeys(names or there)]


def _title(folder: Path) -> str:
    return unpack((folder / f"{folder.name}{SUFFIX}").read_bytes()).title


def _with_pages(root: Path, notebook: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return a notebook whose links to the course's pages stay within the hand-out, and the pages.

    In the course's folder a released notebook lies two folders deep, in a hand-out one.
    """
    text, pages = notebook.decode(), {}
    for path in sorted(set(_PAGE.findall(text))):
        page = (root / path).resolve()
        if page.is_file() and page.is_relative_to(root.resolve()):
            pages[path] = page.read_bytes()
            text = text.replace(f"](../../{path}", f"](../{path}")
    return text.encode(), pages


def _pointed(notebook: bytes, source: str) -> bytes:
    """Let a notebook's first lines name where its package is installed from."""
    read = nbformat.reads(notebook.decode(), as_version=4)
    for cell in read.cells:
        lines = cell.source.split("\n")
        at = [i for i, line in enumerate(lines) if line.startswith(SOURCE)]
        if cell.cell_type == "code" and at:
            comment = lines[at[0]].partition("#")[2]
            lines[at[0]] = f"{SOURCE}{json.dumps(source)}" + (f"  #{comment}" if comment else "")
            cell.source = "\n".join(lines)
            return (nbformat.writes(read).rstrip("\n") + "\n").encode()
    return notebook


def _beginnings(wheel: str, titles: Mapping[str, str], notebooks: set[str]) -> dict[str, bytes]:
    """Return the pages and lists by which somebody begins."""
    rows = [
        f"| {titles[name]} | `{path}` |"
        for path in sorted(notebooks)
        for name in [PurePosixPath(path).parts[0]]
    ]
    known = {"wheel": wheel, "notebooks": "\n".join(rows), "first": min(notebooks, default="")}
    return {
        path: Template(_template(name)).substitute(known).encode()
        for path, name in _BEGINNINGS.items()
    }


def _template(name: str) -> str:
    place = files("rnn_course.authoring") / "templates" / "handout" / name
    return place.read_text(encoding="utf-8")


def _write_zip(target: Path, made: Mapping[str, bytes]) -> None:
    """Write a zip with one folder in it, so that it unpacks beside other things without harm."""
    if target.exists():
        raise AuthoringError(
            f"no file {target} yet", "one", "Move it away, or choose another name."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(zipped({f"{target.stem}/{path}": data for path, data in made.items()}))


def _write_folder(target: Path, made: Mapping[str, bytes]) -> None:
    before = _earlier(target)
    own = {path for path in before if (target / path).is_file()}
    theirs = sorted(
        path
        for path in own | made.keys()
        if (target / path).exists() and _digest(target / path) != before.get(path)
    )
    if theirs:
        raise AuthoringError(
            f"in {target} only what an earlier hand-out wrote",
            f"files that somebody changed or put there: {', '.join(theirs)}",
            "Move them away, or choose an empty folder.",
        )
    for path in sorted(own - made.keys()):
        (target / path).unlink()
    for path, data in made.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(made.items())}
    (target / KEPT).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


def _earlier(target: Path) -> dict[str, str]:
    kept = target / KEPT
    try:
        found = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    except ValueError:
        return {}
    return {
        path: digest
        for path, digest in (found.items() if isinstance(found, dict) else ())
        if ".." not in PurePosixPath(path).parts and not path.startswith("/")
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "a folder"
