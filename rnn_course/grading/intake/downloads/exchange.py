"""nbgrader's exchange: a folder a submission, ``USER+COURSEWORK+TIME+RANDOM`` in ``inbound/``."""

import re
from datetime import UTC

from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Tree
from rnn_course.grading.intake.timestamp import FILE, parsed_time

KIND = "nbgrader's exchange"
_INBOUND = "inbound"
_FOLDER = re.compile(
    r"(?P<user>.+)\+(?P<coursework>[^+]+)"
    r"\+(?P<time>\d{4}-\d\d-\d\d[ T][^+]+(?:\+\d{4})?)(?:\+[\w=-]+)?"
)
_OURS = ("submission_secret.txt", FILE)  # nbgrader's own; the time stands in the folder's name


def read(tree: Tree, coursework: Coursework) -> list[HandIn] | None:
    """Return the hand-ins of a coursework, or None where this is no exchange.

    The time is the one in the folder's name, as `nbgrader collect` takes it.
    """
    top = tree.top
    if _INBOUND in top:
        inside = tuple(entry.below(1) for entry in top[_INBOUND] if len(entry.parts) > 1)
        return read(Tree(tree.name, inside), coursework)
    matches = {name: match for name in top if (match := _FOLDER.fullmatch(name))}
    if 2 * len(matches) < len(top) or not matches:
        return None
    found = []
    for name, match in matches.items():
        if match["coursework"] != coursework.name:
            continue
        inside = tuple(entry.below(1) for entry in top[name] if len(entry.parts) > 1)
        entries = tuple(entry for entry in inside if entry.parts not in [(one,) for one in _OURS])
        claim = Claim(match["user"], ident=(match["user"],))
        try:
            found.append(HandIn(claim, entries, parsed_time(match["time"], UTC)))
        except ValueError:
            found.append(HandIn(claim, entries))
    return found
