"""What a student handed in, read from disk whatever was put there."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from rnn_course.grading.intake.hard_links import said_of_links
from rnn_course.grading.intake.recognise_coursework import answered
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.renamed_files import with_original_names
from rnn_course.grading.intake.staging import plain_name, stage
from rnn_course.grading.intake.timestamp import read_timestamp
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Incident

_NOTEBOOK = ".ipynb"
_MOST_READ = 20  # notebooks under other names: each may take a second to read
_BESIDE = (".safetensors", ".py", ".json", ".jsonl", ".csv")


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes:
        text: the notebook, as it was handed in.
        files: the other files, by relative path.
        remarks: what was left out or had to be guessed.
        problem: what came instead of a notebook, "" where there is one.
    """

    student: str
    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: tuple[Incident, ...] = ()
    problem: str = ""


def read_submission(
    folder: Path, student: str, release: Release, limits: Limits, notebook: str = ""
) -> Submission:
    """Read a submission's folder; find its notebook and files even under other names.

    Where there is none, `Submission.problem` says what came instead. Whatever was handed in, this
    raises nothing: a class is not to stop at one of its submissions.

    Args:
        folder: where it was handed in.
        student: who handed it in.
        release: what was handed out.
        limits: how large it may be.
        notebook: file name of the notebook, where it is known.
    """
    staged = stage(folder, limits)
    # notebooks whose names no other file may have, such as names of two lines
    odd = {}
    if not folder.is_symlink():
        odd = _read_beside(folder, limits, lambda n: n.endswith(_NOTEBOOK) and not plain_name(n))
    files = {**odd, **staged.files}
    said = [*staged.left_out, read_timestamp(folder)[1]]
    remarks = [Incident("recovered", "", text) for text in said if text]
    remarks += [Incident("linked", "", text) for text in said_of_links(folder, staged.linked)]
    candidates = {name: _text(files.pop(name)) for name in list(files) if name.endswith(_NOTEBOOK)}
    wanted = notebook or release.course.notebook
    name = wanted if wanted in candidates else _likeliest(candidates, release)
    if name is None:
        left_out = " ".join(staged.left_out)
        problem = f"no file {_NOTEBOOK} among the {len(files)} that were handed in. {left_out}"
        return Submission(student, "", {}, tuple(remarks), problem.strip().rstrip("."))
    if name != wanted:
        remarks.append(Incident("recovered", "", f"The notebook was found as {name!a}."))
    if len(candidates) > 1:
        number = len(candidates)
        remarks.append(Incident("recovered", "", f"{number} notebooks came; {name!a} is graded."))
    inside = name.rpartition("/")[0]
    files = {path.removeprefix(f"{inside}/"): content for path, content in files.items()}
    folders = {str(above) for path in files for above in PurePosixPath(path).parents}
    files = {path: content for path, content in files.items() if path not in folders}
    files, renamed = with_original_names(files, release.file_names)
    remarks += [Incident("recovered", "", text) for text in renamed]
    return Submission(student, candidates[name], files, tuple(remarks))


def read_submission_file(file: Path, release: Release, limits: Limits) -> Submission:
    """Take one notebook, and of what lies beside it the weights and modules, nothing else.

    It may lie in any folder, so that most of what is there is nobody's submission.
    """
    files = _read_beside(file.parent, limits, lambda name: name.endswith(_BESIDE))
    files = {name: content for name, content in files.items() if plain_name(name)}
    return Submission(file.name, _text(file.read_bytes()), files, ())


def _likeliest(candidates: dict[str, str], release: Release) -> str | None:
    """Return the notebook that answers most questions; the one nearest to the top, of equals."""
    ranked = sorted(candidates, key=lambda name: (name.count("/"), name))
    return max(
        ranked[:_MOST_READ],
        key=lambda name: answered(candidates[name], release.notebook),
        default=None,
    )


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace")


def _read_beside(folder: Path, limits: Limits, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """Read the plain files of a folder, not of folders in it, whose names are wanted."""
    found, room = {}, limits.disk_bytes // 2
    with contextlib.suppress(OSError):  # what cannot be read is not there
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if not wanted(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            size = entry.stat(follow_symlinks=False).st_size
            if size <= room:
                found[entry.name] = Path(entry.path).read_bytes()
                room -= size
    return found
