"""The commands of docs/instructors/reporting.md work as they stand."""

import re
from pathlib import Path

import pytest
from documented import commands_to_run, run_as_written
from invented_results import record
from invented_sheets import ADA, CANVAS, MOODLE
from nbgrader.api import Gradebook

PAGE = (Path(__file__).parents[2] / "docs/instructors/reporting.md").read_text()
OURS = "export COURSEWORK=cw2_speech_commands\n"


@pytest.mark.slow
def test_its_commands_work_as_they_stand(course: Path) -> None:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        gradebook.add_student("ada", **ADA)
    record(course, "ada", {})
    record(course, "bob", {"double": (0, 1)})
    (course / "Grades-Deep_Learning.csv").write_bytes(CANVAS.replace(b"Toy (", b"Homework 2 ("))
    (course / "Grades-Homework_2.csv").write_bytes(MOODLE["de"])
    commands = commands_to_run(PAGE)
    assert commands.startswith(OURS)
    run_as_written(commands.removeprefix(OURS).replace("$COURSEWORK", "toy"), course)
    written = {str(path.relative_to(course)) for path in course.glob("*ports/toy/*")}
    assert written == {
        "reports/toy/report.html",
        "reports/toy/marks.csv",
        "exports/toy/canvas-Grades-Deep_Learning.csv",
        "exports/toy/moodle-Grades-Homework_2.csv",
        "exports/toy/gradescope",
        "exports/toy/prairielearn",
        "exports/toy/autograder.zip",
        "exports/toy/marks.csv",
    }


def test_it_names_every_section_of_the_report() -> None:
    from rnn_course.grading import reporting

    template = Path(reporting.__file__).parent / "templates" / "report.html"
    sections = re.findall(r"<h2[^>]*>([^<]+)</h2>", template.read_text())
    told = re.findall(r"^\| ([A-Z][^|]+) \|", PAGE, re.MULTILINE)
    assert set(sections) - {"Everyone's marks"} == set(told)
