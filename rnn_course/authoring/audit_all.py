"""All that proves that judges judge: what questions declare, and a corpus where there is one."""

from pathlib import Path

from rnn_course.authoring import answers, question_audit
from rnn_course.checks.courses import find, located


def audit_all(
    root: Path, name: str | None, corpus: Path | None, *, idle: bool = False, seeds: int = 1
) -> bool:
    """Audit one coursework, or all of a course's folder; print what was found.

    Args:
        root: the course's folder.
        name: of the coursework; None: all that are in ``solutions/``.
        corpus: a folder of known answers; None: there is none.
        idle: also tell of changes that often change nothing.
        seeds: at how many the known answers are judged.

    Returns:
        Whether everything is as it should be.

    Raises:
        CheckError: there is no such coursework, or it cannot be read.
    """
    ok = True
    for folder in _chosen(root, name):
        found = question_audit.run(folder)
        if found.questions:
            found.show(idle=idle)
            ok &= found.ok
    if corpus is not None:
        result = answers.run(name, corpus, seeds=seeds)
        result.show()
        ok &= result.ok
    return ok


def _chosen(root: Path, name: str | None) -> list:
    if name:
        return [located(name, root)]
    there = find(root).values()
    return [f for f in there if f.path.resolve().is_relative_to(root.resolve())]
