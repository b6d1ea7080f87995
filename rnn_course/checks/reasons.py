"""Why a part of an answer is not met, in words.

The order in which a reason is looked for is said in `judging`.
"""

import re
from collections.abc import Iterable, Sequence

from rnn_course.checks.compared import SAME, Compared, called
from rnn_course.checks.generic import Finding, explain_error
from rnn_course.checks.measuring import UNMEASURED
from rnn_course.checks.mistakes import (
    CONSTANT_SIZE,
    INPUTS_CHANGED,
    NOT_FINITE,
    PRINTS,
    RETURNS_NOTHING,
    WRONG_SHAPE,
    WRONG_SIGNATURE,
    WRONG_TYPE,
)
from rnn_course.checks.observation import (
    FAILED,
    MISSING,
    NOT_REACHED,
    Path,
    Seen,
    agree,
    gap,
)
from rnn_course.checks.patterns import FUNCTION_ON_TOP, UNSTEADY, related
from rnn_course.checks.recording import (
    Variant,
    says_little,
    telling,
)
from rnn_course.checks.report import Misconception
from rnn_course.checks.requests import Outcome
from rnn_course.checks.wording import seen_text

_SAME_IN_SHORT = 3e-6  # pairs and mutants are kept in single precision


def listed(names: Sequence[str], before: str = "") -> str:
    """Write names one after another, as a sentence does."""
    return " and ".join(f"{before} `{name}`".strip() for name in names)


def finding_of(seen: Compared, k: int) -> Finding:
    """Say why a part is not met: what was seen on the smallest case, and the mistake behind it."""
    i, j = seen.first(k)
    part, came = seen.recording.parts[k], seen.came.get((i, k, j), NOT_REACHED)
    path, wanted = part.paths[j], seen.wanted(i, k, j)
    outcome = seen.trials[i].outcomes.get(path.step, Outcome())
    cannot = seen.unfit.get(called(seen.recording, i, k, j))
    if cannot:
        return cannot
    said = seen.recording.cases[i].case.said
    message = (
        f"{said}: {seen_text(path, came, wanted, part.within, told=part.told)}" if said else ""
    )
    if _depends(came, seen.alone.get((i, k, j))):
        return Finding(f"{listed(seen.relied)} comes first: yours is not right yet.")
    declared = _declared(seen, k)
    if declared and (path.aspect or not _is_nothing(came, wanted, outcome)):
        return Finding(message, declared)
    generic = _unsteady(seen, path) or _generic(seen, k, path, came, wanted, outcome)
    place = _placed(seen, k, True)
    if generic and generic.misconception is CONSTANT_SIZE and place:
        generic = Finding(generic.message, place)
    if generic:
        # an exception says itself what came
        told = f"{said}: {generic.message}" if generic.message else message
        return Finding(told, generic.misconception)
    kind = _mutant(seen, k)
    if kind:
        return Finding(message, kind)
    if place:
        return Finding(message, place)
    relation, vague = _relation(came, wanted), _placed(seen, k, False)
    if relation:
        loose = relation.misconception is FUNCTION_ON_TOP  # a small change is like one, too
        told = f"{message} {relation.message}".strip()
        return Finding(told, (vague if loose else None) or relation.misconception)
    return Finding(message, vague)


def _depends(came: Seen, alone: Seen | None) -> bool:
    """Tell whether an answer fails on recorded calls only since it wants its own back.

    What an earlier answer hands over for later may look as its author likes; a recorded one looks
    like the model answer's.
    """
    failed = came.structure.startswith(FAILED)
    return alone is not None and failed and came.structure != alone.structure


def _is_nothing(came: Seen, wanted: Seen, outcome: Outcome) -> bool:
    """Tell whether None came where something is right."""
    missing = came.structure == MISSING.structure and outcome.value is None and not outcome.error
    return wanted.structure != "None" and (came.structure == "None" or missing)


def _unsteady(seen: Compared, path: Path) -> Finding | None:
    """Tell a result that nobody can name, since the same call gives another one each time."""
    again = Path(path.name, path.step, (), "again")
    looks = [again.look(trial) for trial in seen.trials if trial.repeated is not None]
    drawn = any(
        look is not None and look.structure == "b()" and not look.numbers.all() for look in looks
    )
    return Finding("", UNSTEADY) if drawn and not path.aspect else None


def _explains(seen: Compared, variant: Variant, parts: Iterable[int], tolerance: float) -> bool:
    """Tell whether an answer does on some parts just what a variant does."""
    wanted_parts = set(parts)
    for place, came in seen.came.items():
        i, k, j = place
        if k not in wanted_parts or k in seen.otherwise or seen.refused(i):
            continue
        right = seen.wanted(i, k, j)
        if place in variant.hidden:
            if seen.recording.parts[k].accepts(came, right):
                return False
        elif place in variant.differs:
            if not _same(came, variant.differs[place], tolerance):
                return False
        elif not seen.recording.parts[k].accepts(came, right):
            return False
    return True


def _same(came: Seen, theirs: Seen, tolerance: float) -> bool:
    if came.structure.startswith(FAILED):
        return theirs.structure.startswith(FAILED)
    return agree(came, theirs, tolerance)


def _declared(seen: Compared, k: int) -> Misconception | None:
    """Find the fewest declared mistakes that explain all that was seen, or all of this part.

    One mistake that explains this part is preferred to two that explain everything.
    """
    everything = range(len(seen.recording.parts))
    for kind, tolerance in (("mistake", SAME), ("pair", _SAME_IN_SHORT)):
        for parts in (everything, (k,)):
            for variant in seen.recording.variants:
                if variant.kind != kind or not _shows_in(variant, k):
                    continue
                if not _rests_on_something(variant, k):
                    continue
                if not _explains(seen, variant, parts, tolerance):
                    continue
                alone = _says_enough(variant, k) and not _shows_elsewhere(seen, variant, k)
                if parts is everything or alone:
                    told = _of_pair(seen, variant, k) if variant.second else variant
                    return Misconception(told.id, told.seen, told.why, told.read)
    return None


def _of_pair(seen: Compared, pair: Variant, k: int) -> Variant:
    """Return that of two mistakes which shows where a part goes wrong; the first if both do."""
    i, j = seen.first(k)
    one, other = (
        [v for v in seen.recording.variants if v.kind == "mistake" and v.id == ident]
        for ident in (pair.id, pair.second)
    )
    shows = any((i, k, j) in variant.differs for variant in one)
    return pair if shows or not other else other[0]


def _shows_in(variant: Variant, k: int) -> bool:
    return any(place[1] == k for place in (*variant.differs, *variant.hidden))


def _rests_on_something(variant: Variant, k: int) -> bool:
    """An exception alone names no mistake: too many things raise, or cannot be measured."""
    return any(
        not seen.structure.startswith((FAILED, f"<{UNMEASURED}"))
        for place, seen in variant.differs.items()
        if place[1] == k
    )


def _says_enough(variant: Variant, k: int) -> bool:
    """A single yes or no explains a part, and so would many other mistakes.

    A result that is not there says nothing either, unless all else is as the mistake leaves it.
    """
    own = [seen for place, seen in variant.differs.items() if place[1] == k]
    own = [seen for seen in own if not seen.structure.startswith((FAILED, MISSING.structure))]
    return len(own) > 1 or not all(map(says_little, own))


def _shows_elsewhere(seen: Compared, variant: Variant, k: int) -> bool:
    """Tell whether a mistake would show in another part, where nothing is wrong."""
    others = {place[1] for place in (*variant.differs, *variant.hidden)} - {k}
    return bool(others - seen.ever_wrong - seen.otherwise)


def _mutant(seen: Compared, k: int) -> Misconception | None:
    everything = range(len(seen.recording.parts))
    for parts in (everything, (k,)):
        kinds = {
            variant.seen: variant
            for variant in seen.recording.variants
            if variant.kind == "mutant"
            and telling({p: s for p, s in variant.differs.items() if p[1] == k})
            and _explains(seen, variant, parts, _SAME_IN_SHORT)
            and (parts is everything or not _shows_elsewhere(seen, variant, k))
        }
        if len(kinds) == 1:
            (variant,) = kinds.values()
            where = seen.recording.parts[k].title
            return Misconception(
                variant.id, variant.seen, f"It shows in: {where}.", seen.recording.read
            )
        if kinds:
            return None
    return None


def _placed(seen: Compared, k: int, sparing: bool) -> Misconception | None:
    """Find a mistake that is known by where it shows; by what it spares, or by sparing nothing."""
    recording = seen.recording
    i, j = seen.first(k)
    part = recording.parts[k]
    here = {part.id, part.paths[j].name, recording.cases[i].case.group}
    wrong_ids = {recording.parts[other].id for other in seen.wrong}
    for mistake in recording.places:
        if bool(mistake.spares) != sparing:
            continue
        if mistake.where and not here & set(mistake.where):
            continue
        if not wrong_ids & set(mistake.spares) and _shows_only_beside(seen, k, mistake.spares):
            return Misconception(mistake.id, mistake.seen, mistake.why, mistake.read)
    return None


def _shows_only_beside(seen: Compared, k: int, spares: Sequence[str]) -> bool:
    """Tell whether a part is right on what is spared, and wrong on the first group besides."""
    recording, spared = seen.recording, []
    known = {part.id for part in recording.parts}
    groups = set(spares) - known  # a group of cases may be called as a part is
    others: dict[str, dict[int, bool]] = {}
    looks = {(path.step, path.keys, path.aspect) for path in recording.parts[k].paths}
    for (i, at, j), came in seen.came.items():
        part, group = recording.parts[at], recording.cases[i].case.group
        path = part.paths[j]
        if at != k and not (group in groups and (path.step, path.keys, path.aspect) in looks):
            continue
        right = part.accepts(came, seen.wanted(i, at, j))
        if group in groups or path.name in spares:
            spared.append(right)
        else:
            of = others.setdefault(group, {})
            of[i] = of.get(i, True) and right
    looked_at = bool(spared) or set(spares) <= known
    first = next(iter(others.values()), {})
    return looked_at and all(spared) and bool(first) and not any(first.values())


def _generic(
    seen: Compared, k: int, path: Path, came: Seen, wanted: Seen, outcome: Outcome
) -> Finding | None:
    """Find what can go wrong in any question."""
    failed = came.structure.startswith(FAILED)
    if path.aspect == "raised":
        return None
    if outcome.error and failed:
        finding = explain_error(outcome.error)
        small_works = seen.worked(k, path) and finding.misconception is not WRONG_SIGNATURE
        if not small_works:
            return finding
        return replace_misconception(finding, _placed(seen, k, True) or CONSTANT_SIZE)
    if path.aspect == "changed":
        return Finding("", INPUTS_CHANGED)
    if path.aspect in ("again", "random"):
        return Finding("", UNSTEADY)
    if not path.aspect and _is_nothing(came, wanted, outcome):
        return Finding("", PRINTS if outcome.printed.strip() else RETURNS_NOTHING)
    if came.structure == MISSING.structure:
        return Finding("", WRONG_TYPE)
    if wanted.finite and came.numbers.size and not came.finite:
        return Finding("", NOT_FINITE)
    if came.shape is not None and wanted.shape is not None and came.shape != wanted.shape:
        return Finding("", WRONG_SHAPE)
    skeletons = {_skeleton(s) for s in (came, wanted)}
    return Finding("", WRONG_TYPE) if len(skeletons) > 1 else None


def _skeleton(seen: Seen) -> str:
    """Return of a structure what it is made of: no texts, no sizes, no lengths of lists."""
    bare = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "''", seen.structure)
    bare = re.sub(r"\([\d,]*\)|\|.*", "()", bare)
    return re.sub(r"\[(\(\)|'')(,\1)*\]|\[\]", "[]", bare)


def replace_misconception(finding: Finding, misconception: Misconception) -> Finding:
    """Return a finding with another reason, unless its own is more than 'it raises'."""
    usual = finding.misconception is None or finding.misconception.id in (
        "raises",
        "shapes_disagree",
    )
    return Finding(finding.message, misconception if usual else finding.misconception)


def _relation(came: Seen, wanted: Seen) -> Finding | None:
    shape = wanted.shape
    if shape is None or came.shape is None or not wanted.finite or not came.finite:
        return None
    if wanted.structure.startswith("b"):  # yes and no are no numbers
        return None
    if gap(came.numbers, wanted.numbers) == 0:
        return None
    return related(came.numbers.reshape(came.shape), wanted.numbers.reshape(shape))
