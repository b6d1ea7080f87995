"""A question as data: cases, parts, and mistakes as small changes of the model answer.

::

    compare(
        "softmax_loss",
        "Loss and gradient of a softmax regression",
        cases=calls("softmax_loss", array("B", "D"), array("D", "K"), integers("B", below="K")),
        parts=(
            Part("loss", "The loss", 4, "result.0"),
            Part("gradient", "Its gradient", 5, "result.1"),
            Part("pure", "The arguments are left alone", 1, "result@changed"),
        ),
        mistakes=(
            Mistake(
                "sum_for_mean",
                "The losses of the batch are added up.",
                "With a mean the step does not grow with the batch.",
                edits=(("-log_p[rows, y].mean()", "-log_p[rows, y].sum()"),),
            ),
        ),
    )

The model answer itself stands in the notebook, in the answer cell, and nowhere else.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case, Cases
from rnn_course.checks.coursework import Judge, Question
from rnn_course.checks.observation import FAILED, MISSING, Loose, Path, Seen, agree
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Fetch
from rnn_course.checks.withheld import known_kinds

Edit = tuple[str, str]
_LEAST_FACTOR = 1e-3


@dataclass(frozen=True)
class Part:
    """Something that a criterion looks at, with how it is compared.

    Parts with one id make one criterion; its points are theirs added up.

    Attributes:
        id: of the criterion.
        title: what is asked, as a student reads it.
        points: what it is worth.
        looks: paths, see `observation`; one, or several.
        within: how much numbers may differ, relative where the right ones are above 1.
        equal: ``numbers`` (as said by ``within``), ``scaled`` (those, times any one factor above
            zero), ``finite`` (any finite number will do),
            ``reached`` (anything but an exception), or ``secret`` (the right value itself is the
            answer: only its digest is recorded, and no message tells it).
        container: ``any`` or ``same``, see `observation.Loose`.
        shape: ``same``, ``squeezed`` or ``free``, see there.
        order: ``same`` or ``free``.
        groups: the cases it looks at; all that are not looked at by their group elsewhere where
            this is empty. ``"*"``: all.
        follows: parts whose mistake would show here too, by id. Where one of them fails, this one
            is judged on the cases of ``apart`` only.
        apart: groups of cases on which a mistake in ``follows`` cannot show.
        passed: what is said where it is met.
        told: whether a message may say what is right, and not only what came.
    """

    id: str
    title: str
    points: float
    looks: str | tuple[str, ...] = "result"
    within: float = 1e-9
    equal: str = "numbers"
    container: str = "any"
    shape: str = "same"
    order: str = "same"
    groups: tuple[str, ...] = ()
    follows: str | tuple[str, ...] = ""
    apart: tuple[str, ...] = ()
    passed: str = ""
    told: bool = True

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """What it looks at."""
        return tuple(map(Path.parse, self.looked_at))

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The texts of its paths."""
        return (self.looks,) if isinstance(self.looks, str) else tuple(self.looks)

    @property
    def followed(self) -> tuple[str, ...]:
        """The ids of the parts that it follows."""
        known = (self.follows,) if isinstance(self.follows, str) else tuple(self.follows)
        return tuple(id for id in known if id)

    @cached_property
    def loose(self) -> Loose:
        """How structure is looked at."""
        return Loose(self.container, self.shape, self.order)

    def seen(self, path: Path, seen: Seen) -> Seen:
        """Return what is compared, and recorded, of what was seen."""
        if self.equal != "secret" or seen.structure.startswith(FAILED):
            return seen
        text = f"{self.id}|{path.step}|{seen.structure}|{np.round(seen.numbers, 9).tolist()}"
        salt = f"rnn-course {self.id} {path.step}".encode()
        return Seen(
            f"digest {hashlib.scrypt(text.encode(), salt=salt, n=1024, r=8, p=1)[:16].hex()}"
        )

    def accepts(self, came: Seen, wanted: Seen) -> bool:
        """Tell whether what came will do."""
        if self.equal == "reached":
            return not came.structure.startswith((FAILED, MISSING.structure))
        if self.equal == "finite":
            return came.finite
        if self.equal == "scaled":
            came = _unscaled(came, wanted)
        return agree(came, wanted, self.within)


def _unscaled(came: Seen, wanted: Seen) -> Seen:
    """Take the one factor out by which numbers are larger than they should be."""
    if came.numbers.shape != wanted.numbers.shape or not wanted.numbers.any():
        return came
    size = float(wanted.numbers @ wanted.numbers)
    factor = float(came.numbers @ wanted.numbers) / size
    return Seen(came.structure, came.numbers / factor) if factor > _LEAST_FACTOR else came


@dataclass(frozen=True)
class Mistake:
    """A known mistake: ways to make it in the model answer, or where it shows and where not.

    Where no way explains an answer, and nothing else does, those without edits are looked at in
    their order: one fits if a part is right on all that it ``spares`` and wrong on all cases of
    the first group besides. That is no diagnosis, but true of the answer, and tells where to look.

    Attributes:
        id: short name, ``hidden_bias_missing``.
        seen: what was observed, one sentence.
        why: why it happens or matters, one sentence.
        edits: each a way: (old, new), or several such pairs that belong together.
        read: heading of the notebook where this is explained; the question's unless given.
        spares: groups of cases, names of paths, and ids of other parts that are right.
        where: the part, or the group or the path of the first case that goes wrong; any where
            empty.
    """

    id: str
    seen: str
    why: str
    edits: tuple[Any, ...] = ()
    read: str = ""
    spares: tuple[str, ...] = ()
    where: tuple[str, ...] = ()

    def ways(self) -> tuple[tuple[Edit, ...], ...]:
        """Return every way as a tuple of edits."""
        return tuple((way,) if isinstance(way[0], str) else tuple(way) for way in self.edits)


@dataclass(frozen=True)
class Comparison:
    """How a question is judged by comparing with its model answer.

    Attributes:
        cases: draws the inputs.
        parts: what is compared.
        mistakes: known ones.
        signature: the arguments of the answer's function by its name, in order.
        also_right: other right answers, where the statement leaves a choice: each a text, or
            edits of the model answer. A part is met by all that one of them returns for it.
        equivalent: mutants that no case can tell from the model answer, with a reason each: a
            piece of the changed line -> why it is right too.
        given: names of earlier answers that are stood in for by recorded calls where they are
            wrong, so that a mistake in them does not cost here. ``"step.:2"``: where their first
            two results are wrong, and beside it ``"step.3"``: where the fourth is; what is not
            named is theirs, and may look as it likes.
        without: what the answer has to do without; see `coursework.Question`.
    """

    cases: Cases
    parts: tuple[Part, ...]
    mistakes: tuple[Mistake, ...] = ()
    signature: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also_right: tuple[Any, ...] = ()
    equivalent: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


def compare(  # noqa: PLR0913 - a question is its arguments, all but two by name
    id: str,
    title: str,
    *,
    cases: Cases,
    parts: tuple[Part, ...],
    mistakes: tuple[Mistake, ...] = (),
    signature: Mapping[str, tuple[str, ...]] | None = None,
    defines: tuple[str, ...] | None = None,
    needs: tuple[str, ...] = (),
    given: tuple[str, ...] = (),
    without: Collection[str] = (),
    also_right: tuple[Any, ...] = (),
    equivalent: Mapping[str, str] | None = None,
    beside: tuple[Judge, tuple[Criterion, ...]] | None = None,
    read: str = "",
) -> Question:
    """Make a question that is judged by comparing with the model answer; see `Comparison`.

    Args:
        id: grade id of the answer cell.
        title: as the student reads it.
        defines: names without any of which the answer is missing; those of ``signature``, or the
            id. None at all where each of several functions is judged on its own.
        needs: ids of questions whose answers this one builds on.
        beside: a judge written by hand for further criteria, which stand first, and these.
        without: what the answer has to do without; see `coursework.Question`.
        read: heading of the notebook where the question stands; its own by default.
    """
    by_itself, others = beside or (None, ())
    found: dict[str, Criterion] = {criterion.id: criterion for criterion in others}
    for part in parts:
        before = found.get(part.id)
        points = part.points + (before.points if before else 0)
        found[part.id] = Criterion(part.id, before.title if before else part.title, points)
    comparison = Comparison(
        cases,
        parts,
        mistakes,
        signature or {},
        also_right,
        equivalent or {},
        given,
        known_kinds(without, id),
    )
    names = (tuple(signature or ()) or (id,)) if defines is None else defines
    criteria = tuple(found.values())
    return Question(
        id,
        title,
        criteria,
        by_itself,
        names,
        needs,
        read,
        comparison=comparison,
        without=comparison.without,
    )


def essay(id: str, title: str, points: float = 0) -> Question:
    """Make a question that a person marks; its points are the notebook's unless given."""
    return Question(id, title, (Criterion("essay", title, points),))


def variables(
    id: str, title: str, *parts: Part, mistakes: tuple[Mistake, ...] = (), read: str = ""
) -> Question:
    """Make a question whose answers are values of variables, such as a choice among several.

    Each part looks at the variable that it is named after, and its right value stays a secret.
    """

    def cases(rng: np.random.Generator) -> Iterator[Case]:
        yield Case("", {part.id: Fetch(part.id) for part in parts})

    hidden = tuple(_of_variable(part) for part in parts)
    names = tuple(part.id for part in parts)
    return compare(
        id, title, cases=cases, parts=hidden, mistakes=mistakes, defines=names, read=read
    )


def _of_variable(part: Part) -> Part:
    return replace(part, looks=part.id, equal="secret")
