"""Grades one submission inside Gradescope's container: ``python -m … /autograder``."""

import json
import sys
from pathlib import Path

from rnn_course.checks.courses import located
from rnn_course.errors import ConfinementError, CourseError
from rnn_course.grading.exporting.results_json import gradescope
from rnn_course.grading.intake.release import Release
from rnn_course.grading.intake.submission import read_submission
from rnn_course.grading.judge.grading_task import Terms, grade_submission
from rnn_course.grading.judge.secret_seed import secret_seed
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.result import Result

_NO_WALL = (
    "WITHOUT A WALL: this container cannot confine a submission ({}), and the autograder was made "
    "to trust them. The submission could read the checks, the model answers and the seed, and "
    "write its own marks."
)


def run(base: Path) -> Result:
    """Grade ``submission/`` and write ``results/results.json``.

    What is printed is for instructors: Gradescope shows it to nobody else.

    Raises:
        ConfinementError: the container cannot be walled, and submissions are not trusted. Nothing
            is written: Gradescope then says that the autograder failed, which is no mark of 0.
    """
    settings = json.loads((base / "source" / "settings.json").read_text())
    name, root = settings["coursework"], base / "source" / "course"
    release = Release.load(name, root)
    submission = read_submission(base / "submission", "submission", release, Limits())
    terms = Terms.of(located(name, root), release, secret_seed())
    try:
        result = grade_submission(submission, terms).result
    except ConfinementError as error:
        if not settings["trust"]:
            raise
        print(_NO_WALL.format(error))
        terms = Terms.of(located(name, root), release, secret_seed(), trust=True)
        result = grade_submission(submission, terms).result
    print(f"Confined by: {result.environment['sandbox']}")
    print(result.text())
    folder = base / "results"
    folder.mkdir(exist_ok=True)
    content = gradescope(result.as_dict(), release.course)
    (folder / "results.json").write_text(json.dumps(content, indent=1, allow_nan=False))
    return result


if __name__ == "__main__":
    try:
        run(Path(sys.argv[1]))
    except CourseError as error:
        sys.exit(f"{type(error).__name__}: {error}")
