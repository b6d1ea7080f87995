"""From ``solutions/`` to ``assignments/``, or the proof that nothing is left to do."""

from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from rnn_course.authoring.audit import audit
from rnn_course.authoring.execute import execute
from rnn_course.authoring.leaks import find_leaks
from rnn_course.authoring.normalise import as_text, keep_varying_outputs, normalised
from rnn_course.authoring.release import derive, drift, read_tree, write_tree
from rnn_course.checks.coursework import COURSEWORKS, Coursework, coursework
from rnn_course.errors import AuthoringError

Say = Callable[[str], object]


def build(
    root: Path | str,
    courseworks: Sequence[str] | None = None,
    *,
    check: bool = False,
    run: bool = True,
    say: Say = print,
) -> None:
    """Bring ``assignments/`` up to date with ``solutions/``.

    Each solution is executed, normalised, audited against its questions, and released through
    nbgrader. A release that gives something away is not written.

    Args:
        root: the course's folder, with ``nbgrader_config.py``.
        courseworks: names; None: all that are in ``solutions/``.
        check: execute and write nothing; raise if something is not up to date.
        run: execute the notebooks; without it their stored outputs stay.
        say: told what is being done, a line at a time.

    Raises:
        AuthoringError: a coursework is missing, does not run, does not pass the audit, leaks or,
            with ``check``, is not up to date. All problems of one coursework are named at once.
    """
    root = Path(root)
    for name in _chosen(root, courseworks):
        course = coursework(name)
        source = _source(root, course)
        if not check:
            if run:
                say(f"{name}: executing {source.name}")
            _rebuild(source, run)
        files = _released(root, course, source)
        target = root / "assignments" / name
        stale = drift(files, read_tree(target))
        if check:
            _require(name, "assignments that are up to date", stale)
        elif stale:
            write_tree(target, files)
        say(f"{name}: " + ("; ".join(stale) + ": written" if stale else "up to date"))


def _chosen(root: Path, courseworks: Sequence[str] | None) -> list[str]:
    there = [name for name in COURSEWORKS if (root / "solutions" / name).is_dir()]
    chosen = there if courseworks is None else list(courseworks)
    unknown = [name for name in chosen if name not in there]
    if unknown or not chosen:
        raise AuthoringError(
            f"courseworks in {root / 'solutions'}: {', '.join(there) or 'there are none'}",
            ", ".join(unknown) or "no name",
            "Correct the name, or run the command in the course's folder.",
        )
    return chosen


def _source(root: Path, course: Coursework) -> Path:
    source = root / "solutions" / course.name / course.notebook
    if not source.is_file():
        raise AuthoringError(
            f"the notebook {source}", "no such file", "Write it, or correct Coursework.notebook."
        )
    return source


def _rebuild(source: Path, run: bool) -> None:
    """Write a notebook in its normal form, with new outputs if it is run."""
    stored = nbformat.read(source, as_version=4)
    fresh = normalised(stored)
    if run:
        execute(fresh, source.parent)
        keep_varying_outputs(fresh, stored)
    source.write_text(as_text(normalised(fresh)), encoding="utf-8", newline="\n")


def _released(root: Path, course: Coursework, source: Path) -> dict[str, bytes]:
    """Return what students get of a notebook that is in order, and only if it is."""
    text = source.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    if text != as_text(normalised(notebook)):
        _require(course.name, "a notebook in its normal form", ["it was saved by an editor"])
    _require(course.name, "a notebook fit for release", audit(notebook, course))
    files = derive(root, course.name)
    _require(course.name, "a release without leaks", find_leaks(notebook, files, _values(course)))
    return files


def _values(course: Coursework) -> set[str]:
    return {name for question in course for name in question.defines}


def _require(name: str, expected: str, problems: list[str]) -> None:
    if problems:
        number = f"{len(problems)} problem" + "s" * (len(problems) > 1)
        raise AuthoringError(
            f"{expected} ({name})",
            f"{number}:\n- " + "\n- ".join(problems),
            f"Mend solutions/{name}, then run: rnn-course build {name}",
        )
