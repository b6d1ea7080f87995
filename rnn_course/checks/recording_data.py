"""Recordings as plain data, for a file or a message, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from rnn_course.checks import matching, measuring
from rnn_course.checks.cases import Case
from rnn_course.checks.observation import Seen, see
from rnn_course.checks.question import Mistake, Part
from rnn_course.checks.recording import Recorded, Recording, Variant
from rnn_course.checks.requests import StandIn
from rnn_course.errors import CheckError


def as_data(recording: Recording) -> dict[str, Any]:
    """Return a recording as plain data; see `from_data`."""
    stand_ins: dict[Any, tuple[int, StandIn]] = {}
    return {
        "question": recording.question,
        "seed": recording.seed,
        "read": recording.read,
        "without": sorted(recording.without),
        "parts": [_part_data(part) for part in recording.parts],
        "signature": {name: list(args) for name, args in recording.signature.items()},
        "cases": [
            {
                "said": r.case.said,
                "names": list(r.case.steps),
                "steps": list(r.case.program),
                "group": r.case.group,
                "seed": r.case.seed,
                "optional": r.case.optional,
                "measured": measuring.as_rows(r.case.measured),
                **({"traces": matching.as_rows(r.traces)} if r.traces else {}),
                "wanted": [[k, j, s.structure, s.numbers] for (k, j), s in r.wanted.items()],
                "given": [
                    stand_ins.setdefault(_key(given), (len(stand_ins), given))[0]
                    for given in r.given
                ],
            }
            for r in recording.cases
        ],
        "also": [
            [[*p, s.structure, s.numbers] for p, s in views.items()] for views in recording.also
        ],
        "places": [
            [m.id, m.seen, m.why, m.read or recording.read, list(m.spares), list(m.where)]
            for m in recording.places
        ],
        "stand_ins": [given for _, given in stand_ins.values()],
        "variants": [
            {
                "told": [v.kind, v.id, v.seen, v.why, v.read],
                "second": v.second,
                "differs": [[*p, s.structure, s.numbers] for p, s in v.differs.items()],
                "hidden": [list(p) for p in sorted(v.hidden)],
            }
            for v in recording.variants
        ],
    }


def _key(given: StandIn) -> tuple[str, str, bytes]:
    """Return what makes one stand-in another: many cases rely on the same."""
    seen = see(given.calls)
    return given.name, seen.structure, seen.numbers.tobytes()


def _part_data(part: Part) -> dict[str, Any]:
    data = {name: getattr(part, name) for name in Part.__dataclass_fields__}
    data["follows"] = list(part.followed)
    return {
        **data,
        "looks": list(part.looked_at),
        "groups": list(part.groups),
        "apart": list(part.apart),
    }


def from_data(data: Mapping[str, Any]) -> Recording:
    """Make a recording of plain data.

    Raises:
        CheckError: it is not one.
    """
    try:
        return _read(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise CheckError(
            "recorded checks of this version of rnn-course",
            f"{type(error).__name__}: {error}",
            "Get the file that belongs to the notebook, or build the coursework again.",
        ) from error


def _told(texts: Sequence[str]) -> tuple[str, str, str, str, str]:
    kind, ident, seen, why, read = texts
    return kind, ident, seen, why, read


def _read(data: Mapping[str, Any]) -> Recording:
    tuples = {"looks", "groups", "apart", "follows"}
    known: list[dict[str, Any]] = [
        {k: tuple(v) if k in tuples else v for k, v in part.items()} for part in data["parts"]
    ]
    parts = tuple(Part(**part) for part in known)
    cases = tuple(
        Recorded(
            Case(
                c["said"],
                dict(zip(c["names"], c["steps"], strict=True)),
                c["group"],
                c["seed"],
                c["optional"],
                measuring.from_rows(c["measured"]),
            ),
            {(k, j): Seen(structure, numbers) for k, j, structure, numbers in c["wanted"]},
            tuple(data["stand_ins"][index] for index in c["given"]),
            matching.from_rows(c.get("traces", {})),
        )
        for c in data["cases"]
    )
    variants = tuple(
        Variant(
            *_told(v["told"]),
            {(i, k, j): Seen(structure, row) for i, k, j, structure, row in v["differs"]},
            frozenset(map(tuple, v["hidden"])),
            v["second"],
        )
        for v in data["variants"]
    )
    signature = {name: tuple(args) for name, args in data["signature"].items()}
    head = (data["question"], data["seed"], parts, signature, data["read"])
    also = tuple(
        {(i, k, j): Seen(structure, row) for i, k, j, structure, row in views}
        for views in data["also"]
    )
    places = tuple(
        Mistake(id, seen, why, (), read, tuple(spares), tuple(where))
        for id, seen, why, read, spares, where in data["places"]
    )
    return Recording(*head, cases, variants, frozenset(data["without"]), places, also)
