"""What Moodle's "Download all submissions" gives, with a folder for each person or without."""

import re
from dataclasses import replace

from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, Tree

KIND = "Moodle's download of all submissions"
_OWNER = re.compile(
    r"(?P<name>.*?)_?(?P<number>\d{1,20})_assignsubmission_(?P<kind>[a-z]+)_?(?P<rest>.*)",
    re.DOTALL,
)


def read(tree: Tree, coursework: Coursework) -> list[HandIn] | None:
    """Return the hand-ins, or None where this is no download of Moodle's.

    The folder, or the beginning of a file's name, is ``NAME_PARTICIPANT_assignsubmission_KIND_``.
    The name is the person's, led by that of a group in some, or "Participant" in any language
    where marking is anonymous. Moodle keeps one submission a person.
    """
    owners = {name: _OWNER.fullmatch(name) for name in tree.top}
    if 2 * sum(found is not None for found in owners.values()) < len(owners):
        return None
    people: dict[tuple[str, str], list[Entry]] = {}
    strangers = []
    for entry in tree.entries:
        found = owners[entry.parts[0]]
        if found is None:
            strangers.append(entry)
            continue
        whose = (found["name"], found["number"])
        flat = len(entry.parts) == 1
        inside = replace(entry, parts=(found["rest"] or entry.name,)) if flat else entry.below(1)
        people.setdefault(whose, []).append(inside)
    hand_ins = [
        HandIn(Claim(f"{name} ({number})", name=name, participant=number), tuple(entries))
        for (name, number), entries in people.items()
    ]
    return hand_ins + [
        HandIn(Claim(e.raw, text=e.raw), (e.below(len(e.parts) - 1),)) for e in strangers
    ]
