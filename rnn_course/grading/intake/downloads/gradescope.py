"""What Gradescope's "Export Submissions" gives: a folder each, and one file of whose."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from rnn_course.errors import GradingError
from rnn_course.grading.intake.downloads.hand_in import Claim, Coursework, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, Tree

KIND = "Gradescope's export of submissions"
METADATA = "submission_metadata.yml"
_MOST = 64 * 2**20


class _RubyLoader(yaml.SafeLoader):
    """Reads what Ruby wrote: of an object of Ruby's, only the data that it is made of."""


def _plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_RubyLoader.add_multi_constructor("!", _plain)


def read(tree: Tree, coursework: Coursework) -> list[HandIn] | None:
    """Return the hand-ins, or None where this is no export of Gradescope's.

    Each person of a group has handed in what the group has.

    Raises:
        GradingError: the file of who it is cannot be read.
    """
    about = next((e for e in tree.entries if e.parts == (METADATA,)), None)
    if about is None:
        return None
    metadata = _metadata(about, tree.name)
    found = []
    for name, entries in tree.top.items():
        if name == METADATA:
            continue
        record = metadata.get(name)
        inside = tuple(entry.below(1) if len(entry.parts) > 1 else entry for entry in entries)
        claims = list(_claims(record)) if isinstance(record, Mapping) else []
        when = _time(record.get(":created_at")) if isinstance(record, Mapping) else None
        for claim in claims or [Claim(name, text=name)]:
            found.append(HandIn(claim, inside, when))
    return found


def _metadata(entry: Entry, source: str) -> Mapping[str, Any]:
    content, why = entry.read(_MOST)
    try:
        found = yaml.load(content, _RubyLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        found = None
    if not isinstance(found, Mapping):
        raise GradingError(
            f"{METADATA} of {source} as Gradescope writes it",
            why or "something that names no submissions",
            "Export the submissions again.",
        )
    return found


def _claims(record: Mapping[str, Any]) -> Iterator[Claim]:
    people = record.get(":submitters")
    for person in people if isinstance(people, list) else ():
        if isinstance(person, Mapping):
            name, email, sid = (
                str(person.get(f":{key}") or "") for key in ("name", "email", "sid")
            )
            idents = tuple(ident for ident in (sid, email) if ident)
            yield Claim(name or email or sid, name=name, ident=idents)


def _time(value: Any) -> datetime | None:
    """Return a time in UTC; what YAML reads without a zone has been one of UTC."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
