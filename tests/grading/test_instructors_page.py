"""A term as docs/instructors.md tells it: its commands as written, from archive to mark sheet."""

import shutil
import sys
from pathlib import Path

import lms_exports as lms
import pytest
from documented import NAME, built_course, commands, notebooks, run_as_written

from rnn_course.grading.gradebook.course import Course

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("in_process"),
    # nbgrader passes itself an argument that it does not know, and leaves a file open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_course(tmp_path_factory.mktemp("built"))


def downloads(platform: str, course: Path) -> None:
    """Put the two downloads there that the pages ask for, as the platform writes them."""
    solved, blank = notebooks(course)
    if platform == "Canvas":
        (course / "students.csv").write_text(
            lms.CANVAS.replace("Toy (77)", "Week 1 (77)").replace(",14,(read", ",16,(read")
        )
        files = {
            f"lovelaceada_101_900_{NAME}.ipynb": blank,
            f"lovelaceada_101_905_{NAME}-1.ipynb": solved,
            f"müllerjörg_LATE_102_910_{NAME}.ipynb": blank,
        }
        lms.write_zip(course / "submissions.zip", files)
        return
    worksheet = lms.MOODLE.replace("14.00", "16.00")
    (course / "Grades-MATH-101-Week 1-77.csv").write_text(worksheet)
    files = {
        f"Ada Lovelace_2001_assignsubmission_file_/{NAME} (1).ipynb": solved,
        f"Jörg Müller_2002_assignsubmission_file_/{NAME}.ipynb": blank,
    }
    lms.write_zip(course / "MATH-101-Week 1-77.zip", files)


@pytest.mark.parametrize("platform", ["Canvas", "Moodle"])
def test_a_term_from_the_archive_to_the_mark_sheet(
    built: Path, tmp_path: Path, platform: str
) -> None:
    course = Path(shutil.copytree(built, tmp_path / "course"))
    downloads(platform, course)
    said = run_as_written(commands("instructors/collecting.md", f"From {platform}"), course)
    assert "2 to be placed, 0 unchanged, 1 missing, 0 unknown" in said
    assert "2 placed in submitted/, 0 unchanged, 1 missing, 0 unknown" in said
    found = Course(course).marks(NAME, Course(course).students(NAME))
    ada, joerg = (sum(one.scores.values()) for one in found)
    assert ada > 0 == joerg
    with Course(course).open_gradebook() as gradebook:
        people = [student.first_name for student in gradebook.students]
    assert sorted(people) == ["Ada", "Bob", "Jörg"]
    # the whole term begins with collecting: with what is there nothing changes
    term = [commands("instructors.md", s) for s in (f"With {platform}", "When something changes")]
    said = run_as_written("\n".join(term), course)
    assert "0 placed in submitted/, 2 unchanged, 1 missing, 0 unknown" in said
    assert "0 graded, 2 unchanged, 0 not graded" in said
    assert (course / "reports" / NAME / "report.html").is_file()
    assert (course / "returned" / f"{NAME}-{platform.lower()}.zip").is_file()
    (sheet,) = (course / "exports" / NAME).glob("*.csv")
    (row,) = (line for line in sheet.read_text().splitlines() if "Lovelace" in line)
    assert ",12" in row
