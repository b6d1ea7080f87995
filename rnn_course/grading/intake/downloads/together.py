"""Puts single files together that one person handed in: which belong to which attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rnn_course.grading.intake.downloads.hand_in import HandIn
from rnn_course.grading.intake.downloads.tree import Entry
from rnn_course.grading.intake.renamed_files import original


def together(hand_ins: Sequence[HandIn], names: Sequence[str]) -> list[HandIn]:
    """Return one person's hand-ins of one download, single files put together.

    A file that comes again, be it as ``name-1.ipynb``, begins another attempt. What does not come
    again stays handed in: nobody sends the weights once more for a typing error in the notebook.

    Args:
        hand_ins: of one person.
        names: what the coursework calls its files.
    """
    found = [hand_in for hand_in in hand_ins if not hand_in.loose]
    loose = sorted(
        (one for one in hand_ins if one.loose), key=lambda one: (one.order, one.modified)
    )
    current: dict[str, Entry] = {}
    new: set[str] = set()
    last: HandIn | None = None
    for hand_in in loose:
        (entry,) = hand_in.entries
        name = original(entry.name, names)
        if name in new and last:
            found.append(_whole(last, current))
            new = set()
        current[name] = entry
        new.add(name)
        # an archive's times need not grow with its numbers, and the numbers are right
        earlier = last.modified if last else 0.0
        last = replace(hand_in, not_before=earlier)
    return [*found, _whole(last, current)] if last else found


def _whole(last: HandIn, files: Mapping[str, Entry]) -> HandIn:
    return replace(last, entries=tuple(files.values()), loose=False)
