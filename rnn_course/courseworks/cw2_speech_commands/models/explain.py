"""What a student's model computes in one mode: the right thing, a known mistake, or neither."""

import re
from dataclasses import dataclass, field, replace

import numpy as np

from rnn_course.checks.generic import Finding, unsound
from rnn_course.checks.mistakes import CONSTANT_SIZE, FIXED_DTYPE, SHAPES_DISAGREE, WRONG_SHAPE
from rnn_course.checks.requests import Outcome, Pass
from rnn_course.checks.values import Raised, Tensor
from rnn_course.courseworks.cw2_speech_commands.models.diagnose import diagnose, which_layers
from rnn_course.courseworks.cw2_speech_commands.models.own_cell import (
    logits_of_own_cell,
    own_cell,
    own_cell_is_wrong,
)
from rnn_course.courseworks.cw2_speech_commands.models.plans import (
    Change,
    changed,
    changes,
    pairs,
    right_plan,
)
from rnn_course.courseworks.cw2_speech_commands.models.recover import (
    Cast,
    Probe,
    Response,
    Stuck,
    recover,
    usual_cast,
)
from rnn_course.courseworks.cw2_speech_commands.models.roles import (
    Dress,
    Roles,
    Size,
    dresses,
    roles_of,
)
from rnn_course.courseworks.cw2_speech_commands.models.seen import (
    Seen,
    choice,
    first_logits,
    first_response,
    number_probe,
    shows_at,
)
from rnn_course.courseworks.cw2_speech_commands.models.simulate import NUMBER, Simulator
from rnn_course.courseworks.cw2_speech_commands.models.starts import hx_moves_logits
from rnn_course.courseworks.cw2_speech_commands.models.student import Student, Unanswered
from rnn_course.courseworks.cw2_speech_commands.models.verify import Verdict, verify

_CLIP = 32  # frames of a clip of the data, where a model takes no others


@dataclass(frozen=True)
class Explanation:
    """What is known of a model in one mode.

    Attributes:
        known: whether its logits are understood: right, or right but for the mistakes.
        mistakes: ids.
        change: what the mistakes change in the right plan.
        dress: how it is parametrised, where that is known.
        cast: which parameter plays which role, for a right model.
        extreme: what is wrong with the smallest batches of a right model.
        cell: name of the student's own cell, if that is what is wrong.
        finding: what was seen, where the logits are not understood.
        unread: how many parameters nothing reads.
        dtype: in which it could be looked at.
        axes, length: see `Student`.
    """

    size: Size
    known: bool = False
    mistakes: tuple[str, ...] = ()
    change: Change = field(default_factory=dict)
    dress: Dress | None = None
    cast: Cast | None = None
    extreme: Finding | None = None
    cell: str = ""
    finding: Finding | None = None
    unread: int = 0
    dtype: str = "float64"
    axes: str = "BK"
    length: int = 0

    @property
    def right(self) -> bool:
        """Whether nothing is wrong."""
        return self.known and not self.mistakes and not self.cell


class Explainer:
    """Explains a student's models of one kind, and learns from one mode for the next."""

    def __init__(self) -> None:
        self._hints: list[tuple[tuple[str, ...], Change]] = []

    def explain(
        self, student: Student, *, search_pairs: bool = False, thorough: bool = True
    ) -> Explanation:
        """Find out what a model computes.

        Args:
            student: the model, of one size.
            search_pairs: look for two mistakes at once, which takes longer.
            thorough: find the role of every parameter; else only the kinds of roles.
        """
        response: Response | None = None
        refused = Outcome()
        try:
            response = student.once(first_response)
        except Unanswered as problem:
            refused = problem.outcome
        if isinstance(student.anatomy, Raised):
            finding = unsound(Outcome(error=student.anatomy), None, "the model")
            return Explanation(student.size, finding=finding)
        if response is None and student.count < _fewest(student.size, cells=False):
            return Explanation(student.size, mistakes=("layers_not_registered",))
        if response is None:
            return self._unanswered(student, refused)
        return self._understood(student, Seen.of(student, response), (search_pairs, thorough))

    def finds_right(self, student: Student) -> bool:
        """Tell whether a model's logits are right while all its parameters are equal."""
        try:
            seen = Seen.of(student, student.once(first_response))
        except Unanswered:
            return False
        return seen.dress(right_plan(student.size)) is not None

    def dress(self, student: Student, found: Explanation) -> Dress | None:
        """Find how a model is parametrised that is as right or wrong as one that was explained."""
        student = student.but(dtype=found.dtype, axes=found.axes, length=found.length)
        try:
            seen = Seen.of(student, student.once(first_logits))
        except Unanswered:
            return None
        return seen.dress(changed(student.size, found.change), plain=bool(found.change))

    def _understood(self, student: Student, seen: Seen, effort: tuple[bool, bool]) -> Explanation:
        search_pairs, thorough = effort
        dress = seen.dress(right_plan(student.size))
        if dress:
            return self._right_logits(student, seen, dress, thorough)
        composed = logits_of_own_cell(student, seen.probe.x, NUMBER)
        if composed is not None and any(seen.equals(composed + NUMBER * b) for b in range(3)):
            return Explanation(student.size, known=True, cell=own_cell(student))
        found = self._mistaken(student, seen, search_pairs)
        if found:
            return found
        if student.count < _fewest(student.size):
            held = f"{student.count} numbers are learned."
            return Explanation(student.size, mistakes=("too_few_weights",), finding=Finding(held))
        many = student.count > _most(student.size)
        names = ("extra_weights",) if many else ()
        finding = _unexplained(seen, student.size)
        return Explanation(student.size, mistakes=names, finding=finding)

    def _right_logits(
        self, student: Student, seen: Seen, dress: Dress, thorough: bool
    ) -> Explanation:
        """Look closer at a model that is right while all its parameters are equal."""
        plain = Explanation(student.size, known=True, dress=dress)
        if not student.exact:
            return plain
        found = self._cast(student, seen, roles_of(student.size, dress), thorough)
        if found.known and not found.mistakes:
            return replace(found, dress=dress)
        for names, change in self._hints:
            if seen.dress(changed(student.size, change), plain=True):
                return replace(plain, mistakes=names, change=change)
        if student.size.mode == "GRU":
            roles = roles_of(student.size, dress, reset_first=True)
            early = self._cast(student, seen, roles, thorough)
            if early.known and not early.mistakes and own_cell(student):
                return replace(plain, cell=own_cell(student))
            if early.known and not early.mistakes:
                return replace(plain, mistakes=("cell_reset_before_product",))
        if own_cell_is_wrong(student):
            return replace(plain, cell=own_cell(student))
        for name, number, change in _HIDDEN if found.finding and not found.mistakes else ():
            shown = shows_at(student, seen.probe, number, change)
            if shown:
                return replace(plain, mistakes=(name,), change=shown)
        return replace(found, dress=dress)

    def _cast(self, student: Student, seen: Seen, roles: Roles, thorough: bool) -> Explanation:
        """Find the role of every parameter and compare with torch's network."""
        plain, probe = Explanation(student.size, known=True), seen.probe
        first = (probe, seen.response, NUMBER)
        guess = usual_cast(roles, first) if thorough else None
        verdict = guess and verify(student, guess, guessed=True)
        if guess and verdict and not verdict.usual:
            return _verified(plain, guess, verdict)
        try:
            stream = student.stream("recover") if thorough else None
            cast = recover(roles, student.respond, first, stream)
        except Unanswered as problem:
            shape = (len(probe.x), student.size.K)
            finding = unsound(problem.outcome, shape, "the result of forward")
            if problem.outcome.error:  # with as many frames as before it was right
                length = seen.probe.x.shape[1]
                return replace(plain, mistakes=("fixed_length",), finding=finding, length=length)
            return replace(plain, known=False, finding=finding)
        if isinstance(cast, Stuck):
            return replace(plain, **diagnose(student, roles, cast, probe, NUMBER))
        if cast is None:
            return plain
        return _verified(plain, cast, verify(student, cast))

    def _mistaken(self, student: Student, seen: Seen, search_pairs: bool) -> Explanation | None:
        """Look for the logits among the library's plans."""
        size = student.size
        if seen.constant and _input_matters(student, seen.probe):
            dress, change = seen.dress(right_plan(size)), {"before": "normalised"}
            return Explanation(size, True, ("states_normalised",), change, dress)
        if seen.constant:
            said = f"Mode {size.mode}: every sample has the logit {seen.response.logits[0, 0]:.6g}."
            return Explanation(size, mistakes=("input_unused",), finding=Finding(said))
        single = [((name,), change) for name, change in changes(size)]
        cells = [entry for entry in single if "cell" in entry[1]]
        both = [
            ((*names, *cell), {**hint, **change})
            for names, hint in self._hints
            for cell, change in cells
        ]
        gain = seen.gain()
        if gain:
            single.append((("logits_rescaled",), {"gain": gain}))
        single.append((("values_cut_off",), {"clip": float(np.abs(seen.response.logits).max())}))
        for names, change in [*self._hints, *single, *both, *(pairs(size) if search_pairs else ())]:
            dress = seen.dress(changed(size, change), plain=True)
            if dress:
                if not {"cell", "mode"} & set(change):
                    self._hints.append((names, change))
                return Explanation(
                    size, True, self._refined(student, seen, names, change), change, dress
                )
        return None

    def _refined(
        self, student: Student, seen: Seen, names: tuple[str, ...], change: Change
    ) -> tuple[str, ...]:
        """Tell mistakes apart that give the same logits while all parameters are equal."""
        names = which_layers(student, names, change.get("layers", 0))
        unread = np.mean(seen.response.gradients == 0)
        if {"reverse_not_reversed", "reversed_fed_to_both"} & set(names) and unread > 1 / 3:
            return ("one_direction_unused",)
        if names == ("first_step_read",) and student.size.directions == 2:
            moved = hx_moves_logits(student)
            return names if moved else ("state_not_carried",)
        return names

    def _unanswered(self, student: Student, outcome: Outcome) -> Explanation:
        """Find out why there are no logits to compare, and try a way around it."""
        size = student.size
        x = number_probe(student).x
        B, T = x.shape[:2]
        if outcome.error:  # maybe of the gradient only
            (outcome,) = student.run([Pass((x,), parameters=NUMBER)])
        if outcome.error and not student.length:
            usual = student.but(length=_CLIP)
            (longer,) = usual.run([Pass((number_probe(usual).x,), parameters=NUMBER)])
            if not longer.error:
                inner, seen = self.explain(usual), unsound(outcome, None, "")
                mistakes = ("fixed_length", *inner.mistakes)
                return replace(inner, mistakes=mistakes, finding=seen, length=_CLIP)
        finding = unsound(outcome, (B, size.K), "the result of forward")
        if finding is None:
            return Explanation(size, finding=Finding("The gradient cannot be computed."))
        if finding.misconception is FIXED_DTYPE and student.count < _fewest(size):
            return Explanation(size, mistakes=("layers_not_registered",), finding=finding)
        if finding.misconception is FIXED_DTYPE and student.exact:
            easier = self.explain(replace(student, dtype="float32"))
            lone = Explanation(size, finding=finding)
            return replace(easier, dtype="float32") if easier.known else lone
        name, axes = _by_shape(outcome, size, B, T)
        if axes and student.exact:
            inner = self.explain(replace(student, axes=axes))
            mistakes = (name, *inner.mistakes)
            return replace(inner, mistakes=mistakes, finding=finding, axes=axes)
        name = name or _by_error(outcome, size)
        if name:
            return Explanation(size, mistakes=(name,), finding=finding)
        if finding.misconception in (SHAPES_DISAGREE, WRONG_SHAPE) and size.D != size.H:
            return self._square(student, finding)
        return Explanation(size, finding=finding)

    def _square(self, student: Student, finding: Finding) -> Explanation:
        """Look at a model whose shapes disagree with as many inputs as hidden units."""
        size = student.size
        found = self.explain(replace(student, size=replace(size, D=size.H)))
        if not found.known:
            mixed = re.search(rf"\b\d+x{size.D} and {size.H}x", finding.message)
            mistakes = ("frame_for_state",) if mixed else ()
            return Explanation(size, mistakes=mistakes, finding=finding)
        if not found.mistakes:
            return Explanation(size, finding=Finding(finding.message, CONSTANT_SIZE))
        names = ("layers_not_stacked" if n == "first_layer_read" else n for n in found.mistakes)
        return replace(found, mistakes=tuple(names), finding=finding)


def _verified(plain: Explanation, cast: Cast, verdict: Verdict) -> Explanation:
    if verdict.usual:
        return replace(plain, known=False, finding=verdict.usual)
    if verdict.large:
        return replace(plain, cast=cast, mistakes=("values_cut_off",), finding=verdict.large)
    return replace(plain, cast=cast, extreme=verdict.extreme, unread=int((cast.role < 0).sum()))


def _input_matters(student: Student, probe: Probe) -> bool:
    """Tell whether other samples get other logits where parameters are as constructed."""
    (outcome,) = student.run([Pass((probe.x,))])
    numbers = outcome.value.data if isinstance(outcome.value, Tensor) else None
    return numbers is not None and float(np.ptp(numbers, axis=0).max()) > student.tolerance


# mistakes that may not show at `NUMBER`, and the number for all parameters at which they do
_HIDDEN: tuple[tuple[str, float, Change], ...] = (
    ("activation_before_readout", -NUMBER, {"before": "relu"}),
    ("values_cut_off", 1.0, {"clip": 0.0}),
)


def _fewest(size: Size, cells: bool = True) -> int:
    """Return the smallest number of parameters that a model can have, or its readout and one."""
    if cells:
        return len(roles_of(size, choice(size.mode, True)[-1])) - size.K
    return size.directions * size.K * size.H + size.K + 1


def _most(size: Size) -> int:
    """Return the largest number of parameters that a model without anything extra can have."""
    gates = {"LSTM": 4, "GRU": 3}.get(size.mode, 1)
    read = size.D + (size.L - 1) * size.H  # by all layers of a stack, of inputs and states below
    stack = gates * size.H * (read + size.L * (size.H + 2))
    return size.directions * (stack + size.K * size.H) + size.K


def _by_shape(outcome: Outcome, size: Size, B: int, T: int) -> tuple[str, str]:
    """Recognise a mistake by the shape of the result; say which axes the result has."""
    if outcome.error or not isinstance(outcome.value, Tensor):
        return "", ""
    shape, K = tuple(outcome.value.shape), size.K
    if shape == (T, K):
        return "axes_confused", "TK"
    if shape == (B, T, K):
        return "every_step_returned", "BTK"
    if shape == (T, B, K):
        return "every_step_returned", "TBK"
    if shape == (2 * B, K) and size.directions == 2:
        return "joined_along_batch", "2BK"
    return ("no_readout" if shape in {(B, size.H), (B, 2 * size.H)} else ""), ""


def _by_error(outcome: Outcome, size: Size) -> str:
    text = f"{outcome.error.type} {outcome.error.text}" if outcome.error else ""
    if size.directions == 2 and re.search(rf"\b(\d+)x{size.H} and {2 * size.H}x{size.K}\b", text):
        return "joined_along_batch"
    return "lstm_tuple_fed_on" if size.mode == "LSTM" and "tuple" in text else ""


def _unexplained(seen: Seen, size: Size) -> Finding:
    plan = right_plan(size)
    planned = Simulator(size, seen.probe.x, NUMBER, [next(dresses(size.mode))]).logits(plan)
    gaps = np.abs(seen.response.logits[:, 0] - planned[0])
    worst = int(gaps.argmax())
    came, wanted = seen.response.logits[worst, 0], planned[0, worst]
    return Finding(
        f"Mode {size.mode}: with every parameter {NUMBER} sample {worst} has the logit {came:.6g}; "
        f"a network of {size.L} layers as described gives {wanted:.6g} (with two biases a gate)."
    )
