"""Files that people have sent, each person's named somehow after them: archives, folders, files."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rnn_course.grading.intake.downloads import mail
from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Tree
from rnn_course.grading.intake.renamed_files import original

KIND = "what is named after students"
_NOTEBOOK = ".ipynb"


def is_one_students(tree: Tree, coursework: Coursework) -> bool:
    """Tell whether an archive is one person's hand-in, not a collection of several."""
    within = tree.inner() or tree
    notebooks = [e.name for e in within.entries if len(e.parts) == 1 and e.name.endswith(_NOTEBOOK)]
    known = any(original(name, coursework.files) == coursework.files[0] for name in notebooks)
    return known or len(notebooks) == 1


def read(tree: Tree, coursework: Coursework) -> list[HandIn]:
    """Return what each folder, archive, mail and file at the top holds."""
    return [hand_in for name in tree.top for hand_in in _of(tree, name, coursework)]


def _of(tree: Tree, name: str, coursework: Coursework) -> Iterator[HandIn]:
    entries = tree.top[name]
    if len(entries) > 1 or len(entries[0].parts) > 1:
        inside = tuple(entry.below(1) for entry in entries if len(entry.parts) > 1)
        yield HandIn(Claim(name, text=named(name, coursework)), inside)
        return
    (entry,) = entries
    stem, _, ending = name.rpartition(".")
    if ending.lower() == "eml":
        yield mail.read(entry)
    else:
        entry = replace(entry, parts=(_meant(name, coursework),))
        claim = Claim(name, text=named(stem or name, coursework))
        yield HandIn(claim, (entry,), loose=ending.lower() != "zip")


def _meant(name: str, coursework: Coursework) -> str:
    """Return which of the coursework's files is meant by one with a person's name in its own."""
    stem, _, ending = name.rpartition(".")
    for file in sorted(coursework.files, key=len, reverse=True):
        known, _, other = file.rpartition(".")
        if ending.lower() == other and re.search(_as_words(known), stem, re.IGNORECASE):
            return file
    return coursework.files[0] if ending.lower() == "ipynb" else name


def named(stem: str, coursework: Coursework) -> str:
    """Return what a file's name says besides what the coursework and its files are called."""
    words = {coursework.name, *(file.rpartition(".")[0] for file in coursework.files)}
    for word in sorted(words, key=len, reverse=True):
        if word:
            stem = re.sub(_as_words(word), " ", stem, flags=re.IGNORECASE)
    return re.sub(r"\(\d+\)|^[\W_]+|[\W_]+$", "", stem).strip(" _-")


def _as_words(text: str) -> str:
    """Return a pattern that finds a text where no letter or digit goes on."""
    return rf"(?<![^\W_]){re.escape(text)}(?![^\W_])"
