"""Marks of a class for another system: which file, filled in how, written where."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rnn_course.errors import GradingError
from rnn_course.grading.exporting import canvas, moodle, results_json
from rnn_course.grading.exporting.gradescope_autograder import autograder_zip
from rnn_course.grading.exporting.mark_sheet import MarkSheet
from rnn_course.grading.exporting.matching import listed
from rnn_course.grading.intake.staging import plain_name
from rnn_course.grading.judge.result_store import ResultStore
from rnn_course.grading.reporting.class_results import ClassResults, Submitted, read_class
from rnn_course.grading.reporting.marks_table import marks_table
from rnn_course.grading.reporting.review import essays_to_mark

EXPORTS = "exports"
System = Literal["canvas", "moodle", "gradescope", "prairielearn", "csv"]
_AUTOGRADER = {
    False: "autograder.zip holds the model answers: keep it to yourself. It builds the wall inside "
    "Gradescope's container; where that is not allowed it grades nobody and says so.",
    True: "autograder.zip holds the model answers: keep it to yourself. Where Gradescope's "
    "container allows no wall it TRUSTS submissions: one could read the checks and write its own "
    "marks.",
}
_Format = Callable[..., dict[str, Any]]


@dataclass
class Exported:
    """What was written, and what the instructor should know of it."""

    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def export(
    root: Path,
    coursework: str,
    system: System,
    template: Path | None = None,
    column: str = "",
    *,
    scale: bool = False,
    trust: bool = False,
) -> Exported:
    """Write the marks of a class to exports/COURSEWORK/ as another system takes them.

    Args:
        root: the course's folder.
        coursework: its name.
        system: which.
        template: the sheet that Canvas or Moodle gave out; it is never written to.
        column: of Canvas' gradebook, where it is not called after the coursework.
        scale: scale marks to what the sheet says is the most.
        trust: let Gradescope's autograder grade also where its container cannot be walled.

    Raises:
        GradingError: nobody is graded, or the template does not fit.
    """
    root = root.resolve()
    folder = root / EXPORTS / coursework
    if template and system not in ("canvas", "moodle"):
        raise GradingError(
            "--template for canvas or moodle", f"{template} for {system}", "Leave it out."
        )
    results = read_class(root, coursework)
    done = Exported(notes=_open(results))
    if system == "csv":
        _put(done, folder / "marks.csv", marks_table(results).encode())
    elif system == "canvas" and template is None:
        text, notes = canvas.new_gradebook(results)
        _put(done, folder / "canvas.csv", text.encode())
        done.notes += notes
    elif system in ("canvas", "moodle"):
        sheet = MarkSheet.read(_given(template))
        done.notes += (
            canvas.filled(sheet, results, column, scale=scale)
            if system == "canvas"
            else moodle.filled(sheet, results, scale=scale)
        )
        _put(done, folder / f"{system}-{sheet.path.name}", sheet.content())
    else:
        store = ResultStore(root, coursework)
        _each(done, folder / system, results, store, getattr(results_json, system))
        if system == "gradescope":
            archive = autograder_zip(root, results.coursework, trust=trust)
            _put(done, folder / "autograder.zip", archive)
            done.notes.append(_AUTOGRADER[trust])
    return done


def _given(template: Path | None) -> Path:
    if template is None:
        raise GradingError(
            "Moodle's grading worksheet",
            "no --template",
            "In Moodle: the assignment, Submissions, Actions, Download grading worksheet. Only it "
            "knows the participants' numbers.",
        )
    return template


def _open(results: ClassResults) -> list[str]:
    """Say what would surprise somebody who reads the marks elsewhere."""
    found = []
    if essays := essays_to_mark(results):
        found.append(
            f"{sum(essays.values())} answers are still to be marked by hand and count as 0: "
            f"{listed(list(essays))}."
        )
    if results.ungraded:
        found.append(f"Handed in and not graded, so not exported: {listed(results.ungraded)}.")
    if results.missing:
        who = listed([member.id for member in results.missing])
        found.append(f"Handed in nothing, so left without a mark: {who}.")
    return found


def _each(
    done: Exported, folder: Path, results: ClassResults, store: ResultStore, write: _Format
) -> None:
    """Write one file a student; who has no result of ours, or no name for a folder, is said."""
    left_out = []
    for one in results.submitted:
        content = _result(one, results, store, write) if plain_name(one.member.id) else None
        if content is None:
            left_out.append(one.member.id)
            continue
        _put(done, folder / one.member.id / "results.json", content)
    if left_out:
        done.notes.append(
            "Left out, for want of a result, or of a name that a folder can have: "
            f"{listed(left_out)}."
        )


def _result(
    one: Submitted, results: ClassResults, store: ResultStore, write: _Format
) -> bytes | None:
    if not one.answers:
        return None
    about, member = store.result(one.member.id), one.member
    content = write(about, results.coursework, member.marks, member.penalty)
    return json.dumps(content, indent=1, allow_nan=False).encode()


def _put(done: Exported, path: Path, content: bytes) -> None:
    """Write a file whole or not at all; an earlier export of ours is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # opened by name, and not by tempfile: a co-marker has to be able to read what is written
    new = path.with_name(f".writing-{secrets.token_hex(8)}")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    done.paths.append(path)
