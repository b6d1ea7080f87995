"""From ``solutions/`` to ``assignments/``, or the proof that nothing is left to do."""

from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat

from rnn_course.authoring.audit import audit
from rnn_course.authoring.execute import execute
from rnn_course.authoring.leaks import find_leaks
from rnn_course.authoring.normalise import as_text, keep_varying_outputs, normalised
from rnn_course.authoring.release import derive, drift, read_tree, write_tree
from rnn_course.checks.courses import CourseworkFolder, find
from rnn_course.checks.coursework import Coursework
from rnn_course.checks.packed import SUFFIX, alike, pack
from rnn_course.errors import AuthoringError
from rnn_course.seeding import PUBLIC_SEED

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
    nbgrader, with the recorded checks beside it. A release that gives something away is not
    written.

    Args:
        root: the course's folder, with ``nbgrader_config.py``.
        courseworks: names; None: all that are in ``solutions/``. A coursework of an installed
            package is released as it is.
        check: execute and write nothing; raise if something is not up to date.
        run: execute the notebooks; without it their stored outputs stay.
        say: told what is being done, a line at a time.

    Raises:
        AuthoringError: a coursework is missing, does not run, does not pass the audit, leaks or,
            with ``check``, is not up to date. All problems of one coursework are named at once.
    """
    root = Path(root)
    for folder in _chosen(root, courseworks):
        name, own = folder.name, folder.path.is_relative_to(root.resolve())
        course = folder.coursework()
        for line in changes(folder, course):
            say(f"{name}: {line}")
        checks = pack(course, PUBLIC_SEED)
        if own and not check:
            (folder.path / f"{name}{SUFFIX}").write_bytes(checks)
            _rebuild(folder.notebook, run, _about(name, say))
        files = _released(root, folder, course, checks)
        target = root / "assignments" / name
        stale = drift(files, read_tree(target), {SUFFIX: alike})
        if check:
            _require(name, "assignments that are up to date", stale)
        elif stale:
            write_tree(target, files)
        say(f"{name}: " + ("; ".join(stale) + ": written" if stale else "up to date"))


def _about(name: str, say: Say) -> Say:
    return lambda line: say(f"{name}: {line}")


def changes(folder: CourseworkFolder, course: Coursework) -> list[str]:
    """Say what the notebook makes of the declared questions: other points, left out, added."""
    found = []
    for question in course:
        declared = folder.declared.get(question.id)
        if declared is None:
            found.append(f"{question.id} is an essay of {question.points:g} points by its cell")
        elif declared.points and declared.points != question.points:
            found.append(
                f"{question.id} is worth {question.points:g} points in the notebook; its criteria "
                f"({declared.points:g} as declared) are scaled"
            )
    for question in course:
        asked = question.asked() if question.named else ()
        outdated = [named.id for named in question.named if asked and named.outdated(asked)]
        if outdated:
            found.append(
                f"{question.id} asks other cases than when {', '.join(outdated)} was named; nobody "
                f"is told it. Name it again, or delete it in {folder.named_file.name}"
            )
    missing = [ident for ident in folder.declared if ident not in course.by_id]
    return found + [f"{ident} is declared, and left out by the notebook" for ident in missing]


def _chosen(root: Path, courseworks: Sequence[str] | None) -> list[CourseworkFolder]:
    there = find(root.resolve())
    ours = [name for name, f in there.items() if f.path.is_relative_to(root.resolve())]
    chosen = ours if courseworks is None else list(courseworks)
    unknown = [name for name in chosen if name not in there]
    if unknown or not chosen:
        raise AuthoringError(
            f"courseworks in {root / 'solutions'}: {', '.join(there) or 'there are none'}",
            ", ".join(unknown) or "no name",
            "Correct the name, run the command in the course's folder, or make one: "
            "rnn-course new NAME",
        )
    return [there[name] for name in chosen]


def _rebuild(source: Path, run: bool, say: Say) -> None:
    """Write a notebook in its normal form, with new outputs if it is run."""
    stored = nbformat.read(source, as_version=4)
    fresh = normalised(stored)
    if run:
        say(f"executing {source.name}")
        execute(fresh, source.parent)
        keep_varying_outputs(fresh, stored)
    source.write_text(as_text(normalised(fresh)), encoding="utf-8", newline="\n")


def _released(
    root: Path, folder: CourseworkFolder, course: Coursework, checks: bytes
) -> dict[str, bytes]:
    """Return what students get of a notebook that is in order, and only if it is."""
    text = folder.notebook.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    if text != as_text(normalised(notebook)):
        _require(course.name, "a notebook in its normal form", ["it was saved by an editor"])
    _require(course.name, "a notebook fit for release", audit(notebook, course))
    files = derive(root, folder.path, course.name) | {f"{course.name}{SUFFIX}": checks}
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
