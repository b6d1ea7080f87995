"""The people of a course in nbgrader's gradebook: names, addresses, numbers on the platform."""

from collections.abc import Iterable

from nbgrader.api import MissingEntry

from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.roster import Person

_FIELDS = ("first_name", "last_name", "email", "lms_user_id")


def enrol(course: Course, people: Iterable[Person]) -> list[str]:
    """Write people into the gradebook; return whose entry is new or has changed.

    What a roster does not say of somebody stays as it is.
    """
    changed = []
    with course.open_gradebook() as gradebook:
        for person in people:
            told = {field: text for field in _FIELDS if (text := getattr(person, field))}
            try:
                known = gradebook.find_student(person.id)
                told = {name: text for name, text in told.items() if getattr(known, name) != text}
                if not told:
                    continue
            except MissingEntry:
                pass
            gradebook.update_or_create_student(person.id, **told)
            changed.append(person.id)
    return changed
