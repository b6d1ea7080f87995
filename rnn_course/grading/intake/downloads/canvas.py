"""What Canvas' "Download Submissions" gives: one flat archive, everything in the files' names."""

import re
from dataclasses import replace

from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, Tree

KIND = "Canvas' download of submissions"
_UPLOAD = re.compile(
    r"(?:(?P<name>.+?)_)??(?:(?P<late>late)_)?(?P<who>\d{1,20}|anon_[a-z0-9]{1,40})_(?P<file>\d{1,20})_(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TEXT = re.compile(
    r"(?:(?P<name>.+?)_)??(?:(?P<late>late)_)?(?P<who>\d{1,20}|anon_[a-z0-9]{1,40})_(?P<rest>(?:text|link)\.html)",
    re.IGNORECASE | re.DOTALL,
)


def read(tree: Tree, coursework: Coursework) -> list[HandIn] | None:
    """Return the hand-ins, or None where this is no download of Canvas'.

    A file is called ``lastfirst_LATE_USER_FILE_name.ipynb``, ``LATE`` only where it was, or
    ``anon_x1Y2z_FILE_name.ipynb`` where marking is anonymous. Canvas says nowhere when something
    was handed in; of one person's files the later has the greater number.
    """
    found = [(entry, _match(entry.name)) for entry in tree.entries if len(entry.parts) == 1]
    known = sum(match is not None for _, match in found)
    if not known or 2 * known < len(tree.entries):
        return None
    return [
        _hand_in(entry, match) if match else HandIn(Claim(entry.name, text=entry.name), (entry,))
        for entry, match in found
    ] + [HandIn(Claim(e.raw, text=e.raw), (e,)) for e in tree.entries if len(e.parts) > 1]


def _match(name: str) -> re.Match[str] | None:
    return _UPLOAD.fullmatch(name) or _TEXT.fullmatch(name)


def _hand_in(entry: Entry, match: re.Match[str]) -> HandIn:
    about = match.groupdict()
    name, who = about["name"] or "", about["who"]
    number = who if who.isdigit() else ""
    claim = Claim(f"{name} ({who})" if name else who, name=name, number=number)
    return HandIn(
        claim,
        (replace(entry, parts=(about["rest"],)),),
        order=int(about.get("file") or 0),
        late=bool(about["late"]),
        loose=True,
    )
