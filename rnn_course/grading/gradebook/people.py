"""The people of a course in nbgrader's gradebook: names, addresses, numbers on the platform."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nbgrader.api import MissingEntry, Student

from rnn_course.grading.gradebook.course import Course
from rnn_course.grading.intake.roster import Person

_FIELDS = ("first_name", "last_name", "email", "lms_user_id")


def with_known_ids(course: Course, people: Sequence[Person]) -> list[Person]:
    """Give people the ids that the gradebook has them under, by their address or number.

    One table of a platform has logins and another addresses only: whoever was collected by the one
    is not to become somebody else by the other.
    """
    if not course.has_gradebook:
        return list(people)
    with course.open_gradebook() as gradebook:
        students = gradebook.students
        ids = {student.id for student in students}
        owners: dict[tuple[str, str], set[str]] = {}
        for student in students:
            for key in _keys(student):
                owners.setdefault(key, set()).add(student.id)
    numbers = Counter(key for person in people for key in _keys(person))
    found = []
    for person in people:
        own = (key for key in _keys(person) if numbers[key] == 1)
        known = set().union(*(owners.get(key, set()) for key in own))
        if person.id in ids or len(known) != 1:
            found.append(person)
        else:
            found.append(replace(person, id=known.pop(), aliases=(person.id, *person.aliases)))
    return found


def _keys(somebody: Student | Person) -> Iterator[tuple[str, str]]:
    for field in ("email", "lms_user_id"):
        if text := getattr(somebody, field):
            yield field, text.casefold()


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
