"""Loads given weights into a student's module, whatever its parameters are called and shaped.

The model answer's weights mean something by their place in the model answer. A student may keep
them transposed, joined, or under other names. Which of a student's numbers is which is found by
how a module responds, see `identify`: the model answer's responses are recorded with the question,
so that no model answer has to be there when a student's module is asked the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case, Step
from rnn_course.checks.identify import Layout, Network, arranged, correspondence, student
from rnn_course.checks.requests import Anatomy, Build, Inspect, Load, Outcome, Parameters, Pass, Run
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import UNMATCHED, Raised, Ref, plain
from rnn_course.errors import AuthoringError
from rnn_course.seeding import numpy_generator

_ATTEMPTS = 20  # a rectifier may hide some parameters from one draw of the others
_MOST = 500  # numbers of a module: as many are recorded for each of them


@dataclass(frozen=True, eq=False)
class Trace:
    """How a model answer's module responded while its parameters were told apart.

    Attributes:
        layout: name and shape of each of its parameters, in the order of its numbers.
        cotangents: weights of the output, of which gradients were taken.
        attempt: which of the draws; it is the seed of what was asked.
        responses: the output and the gradient, each time that something was asked.
    """

    layout: Layout
    cotangents: np.ndarray
    attempt: int
    responses: tuple[tuple[np.ndarray, np.ndarray], ...]

    @property
    def size(self) -> int:
        """How many numbers its parameters are."""
        return sum(int(np.prod(shape)) for _, shape in self.layout)

    def network(self) -> Network:
        """Return what responds as was recorded, as long as the same is asked in the same order."""
        left = iter(self.responses)

        def respond(values: np.ndarray) -> tuple[Any, np.ndarray]:
            return next(left, (np.empty(0), np.zeros(values.size)))

        return Network(self.size, respond)


def traced(subject: Subject, case: Case) -> dict[str, Trace]:
    """Record how a model answer's modules respond, for every step that loads weights by a probe.

    Args:
        subject: the model answer.
        case: one of its question's.

    Returns:
        By the name of the step.

    Raises:
        AuthoringError: a step loads into something that is not built on its own, or the module's
            parameters cannot be told apart by its responses.
    """
    return {
        name: _trace(subject, *_loaded(case, load))
        for name, load in zip(case.steps, case.program, strict=True)
        if isinstance(load, Load) and load.probe
    }


def program(
    subject: Subject, case: Case, traces: Mapping[str, Trace]
) -> tuple[tuple[Step, ...], Raised | None]:
    """Return a case's steps with weights named and arranged as a student's module has them.

    Returns:
        The steps, and None; or those before a module that takes no such weights, and why.
    """
    if not traces:
        return case.program, None
    steps = list(case.program)
    for at, (name, load) in enumerate(zip(case.steps, case.program, strict=True)):
        if name not in traces or not isinstance(load, Load):
            continue
        build, probe = _loaded(case, load)
        found = _arranged(subject, build, probe, traces[name], load.parameters)
        if isinstance(found, Raised):
            return tuple(steps[:at]), found
        steps[at] = Load(load.target, found)
    return tuple(steps), None


def ended(outcomes: Sequence[Outcome], unmatched: Raised | None) -> list[Outcome]:
    """Return what steps gave, and that the next one could not be taken; see `program`."""
    stopped = unmatched is None or any(outcome.error for outcome in outcomes)
    return [*outcomes] if stopped else [*outcomes, Outcome(error=unmatched)]


def as_rows(traces: Mapping[str, Trace]) -> dict[str, Any]:
    """Return traces as plain data."""
    return {
        name: [
            [[part, list(shape)] for part, shape in trace.layout],
            trace.cotangents,
            trace.attempt,
            [list(response) for response in trace.responses],
        ]
        for name, trace in traces.items()
    }


def from_rows(rows: Mapping[str, Any]) -> dict[str, Trace]:
    """Make traces of plain data."""
    return {
        name: Trace(
            tuple((part, tuple(shape)) for part, shape in layout),
            cotangents,
            attempt,
            tuple((output, gradient) for output, gradient in responses),
        )
        for name, (layout, cotangents, attempt, responses) in rows.items()
    }


def _loaded(case: Case, load: Load) -> tuple[Build, tuple[Any, ...]]:
    """Return what builds the module, and the inputs of a probe as arrays."""
    build = case.program[int(load.target.step)]
    inside = [*build.args, *build.kwargs.values()] if isinstance(build, Build) else [load.target]
    if any(isinstance(value, Ref) for value in inside) or load.target.path:
        raise AuthoringError(
            "`Load(…, probe=…)` into a module that an earlier `Build` makes of plain arguments",
            f"a step {type(build).__name__} ({case.said})",
            "Load by the names of parameters: leave `probe` out, and say the names in the text.",
        )
    assert isinstance(build, Build)
    return build, tuple(plain(list(load.probe)))


def _trace(subject: Subject, build: Build, probe: tuple[Any, ...]) -> Trace:
    anatomy = subject.ask(Inspect(build))
    came: Any = anatomy
    if isinstance(anatomy, Anatomy):
        (outcome,) = subject.ask(Run(build, (Pass(probe, parameters=0.1),)))
        output = plain(outcome.value)
        came = outcome.error or type(output).__name__
        if isinstance(output, np.ndarray):
            cotangents = np.asarray(_draws(0).normal(size=output.shape))
            layout = tuple((name, tuple(shape)) for name, shape, _ in anatomy.parameters)
            network = student(subject, build, anatomy, probe, cotangents)
            for attempt in range(_ATTEMPTS if network.size <= _MOST else 0):
                responses = _responses(network, attempt)
                if responses is not None:
                    return Trace(layout, cotangents, attempt, responses)
            came = f"{network.size} numbers, of which some change nothing, or too many to try"
    raise AuthoringError(
        f"parameters of {build.name} that its output on the probe tells apart: one tensor, at "
        f"most {_MOST} numbers",
        str(came),
        "Give the probe more rows, or a smaller module; or load by name, without a probe.",
    )


def _responses(network: Network, attempt: int) -> Any:
    """Tell a module from itself; note what it answered on the way."""
    noted = []

    def respond(values: np.ndarray) -> tuple[Any, np.ndarray]:
        output, gradient = network.respond(values)
        noted.append((np.asarray(output), gradient))
        return output, gradient

    wanted = Network(network.size, respond)
    order = correspondence(network, wanted, _draws(attempt), singly=True)
    return None if order is None else tuple(noted)


def _draws(attempt: int) -> np.random.Generator:
    return numpy_generator(attempt, "matching")


def _arranged(
    subject: Subject, build: Build, probe: tuple[Any, ...], trace: Trace, weights: Any
) -> Parameters | Raised:
    anatomy = subject.ask(Inspect(build))
    if not isinstance(anatomy, Anatomy):
        return anatomy if isinstance(anatomy, Raised) else Raised("TypeError", str(anatomy))
    layout = [(name, tuple(shape)) for name, shape, _ in anatomy.parameters]
    given = student(subject, build, anatomy, probe, trace.cotangents)
    order = None
    if given.size <= 2 * _MOST:  # some may be there that nothing reads
        order = correspondence(given, trace.network(), _draws(trace.attempt), singly=True)
    if order is not None:
        return arranged(order, [weights[name] for name, _ in trace.layout], layout)
    if sorted(layout) == sorted(trace.layout):
        return weights
    if [shape for _, shape in layout] == [shape for _, shape in trace.layout]:
        pairs = zip(layout, trace.layout, strict=True)
        return {own: weights[known] for (own, _), (known, _) in pairs}
    return Raised(UNMATCHED, _unlike(given.size, trace.size))


def _unlike(came: int, wanted: int) -> str:
    if came == wanted:
        return (
            f"Whatever its {came} parameters are set to, the module does not compute what is asked."
        )
    return (
        f"The parameters of your module are {came} numbers; the right one has {wanted}, and no "
        f"choice of yours computes what is asked."
    )
