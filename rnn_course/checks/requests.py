"""What a judge may ask a Subject, and what comes back. Data only; see `values`.

A judge asks with one of `Describe`, `Inspect`, `Run`, `Program` or `Train`; the same code,
`observe.perform`, answers in the student's notebook and in the kernel behind the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rnn_course.checks.values import Frame, Opaque, Raised, Ref

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Describe:
    """What is behind a name? Answered by a `Description`."""

    name: str


@dataclass(frozen=True)
class Description:
    """What a name stands for in the student's notebook.

    Attributes:
        kind: ``missing``, ``class``, ``module`` (an ``nn.Module`` subclass), ``function`` or
            ``value``.
        signature: parameter names with their defaults as text, in order; for a class those of
            ``__init__``, without ``self``. None where Python cannot tell.
        source: the text of its definition, or "" where it cannot be found.
        bases: qualified names of its base classes.
        value: the value itself, where it is data.
    """

    kind: str
    signature: tuple[tuple[str, str], ...] | None = None
    source: str = ""
    bases: tuple[str, ...] = ()
    value: Any = None


@dataclass(frozen=True)
class Build:
    """How to construct an object: ``name(*args, **kwargs)``, then cast and seeded.

    Attributes:
        name: a class in the student's notebook.
        args: of the constructor; in a program a `Ref` stands for an earlier result.
        kwargs: likewise.
        given: an installed module in which the class is found instead, such as a stand-in that a
            judge hands to the student's code.
        calm: leave out dropout and let random numbers be zeros while it runs, so that the rest of
            an answer that is random can be judged.
        adopt: register modules that it keeps in plain lists and dicts, likewise.
        dtype: floating type of a module's parameters.
        device: where a module's parameters are put.
        seed: torch is seeded with it before the constructor runs.
    """

    name: str
    args: tuple = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    dtype: str = "float64"
    device: str = "cpu"
    seed: int = 0
    given: str = ""
    calm: bool = False
    adopt: bool = False


@dataclass(frozen=True)
class Inspect:
    """What is this module made of? Answered by an `Anatomy` or a `Raised`."""

    build: Build


@dataclass(frozen=True)
class Anatomy:
    """A module's parts.

    Attributes:
        parameters: (name, shape, dtype) of each trainable parameter, in order of registration.
        buffers: the same for buffers.
        modules: qualified class name of every sub-module, itself first.
        initial: the parameters' values as constructed, by name.
    """

    parameters: tuple[tuple[str, tuple[int, ...], str], ...]
    buffers: tuple[tuple[str, tuple[int, ...], str], ...]
    modules: tuple[str, ...]
    initial: Parameters


@dataclass(frozen=True)
class Pass:
    """One run of a module.

    Attributes:
        inputs: positional inputs of ``module(...)``; arrays become tensors of the module's
            dtype (integers stay integers), other data pass as they are.
        keywords: keyword inputs, likewise.
        parameters: values to load: by name; one number for all; or None to leave them as they
            were constructed. Names that are not given keep their value.
        unroll: take ``inputs[0]`` as a sequence along its first axis, call the module once an
            element, and pass each output on as the second input.
        cotangents: same structure as the output; if given, gradients of sum(output * cotangent)
            are returned. For an unrolled case: of the last output. None skips an output.
        method: method to call instead of the module itself.
        training: run in training mode.
    """

    inputs: tuple = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    parameters: Parameters | float | None = None
    unroll: bool = False
    cotangents: Any = None
    method: str = ""
    training: bool = False


@dataclass(frozen=True)
class Run:
    """Build one module and run every case on it. Answered by an `Outcome` per case, or one.

    Attributes:
        inspect: also say in the first outcome what the module is made of.
    """

    build: Build
    cases: tuple[Pass, ...]
    inspect: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one case, or one step of a program, did.

    Attributes:
        value: what it returned, as data (for an unrolled case: the list of all outputs).
        error: the exception, if there was one; then there is no value.
        gradients: ``{"inputs": structure of inputs, "keywords": …, "parameters": by name}`` where
            cotangents were given; None at a leaf that the output does not depend on.
        changed: what was modified in place: of ``inputs`` and ``parameters``, by position or name.
        printed: what was written to stdout, its first thousand characters.
        used: names of watched torch functions that were called on the way, e.g. ``lstm_cell``.
        seconds: wall time.
        anatomy: the module's parts without their initial values, where they were asked for.
    """

    value: Any = None
    error: Raised | None = None
    gradients: Any = None
    changed: tuple[str, ...] = ()
    printed: str = ""
    used: tuple[str, ...] = ()
    seconds: float = 0.0
    anatomy: Anatomy | None = None


@dataclass(frozen=True)
class Call:
    """One step of a program: call a function, or a method of an earlier result.

    Attributes:
        target: name of a function in the student's notebook, or a `Ref` to an earlier result.
        args: arrays stay NumPy; wrap in `Tensor` for torch; a `Ref` stands for an earlier result.
        kwargs: likewise.
        method: attribute of the target to call.
        keep: do not return the value, only keep it for later steps (it may be anything).
        gradients: also return gradients of sum(result * cotangent) for every `Tensor` argument
            with ``requires_grad``; the cotangents.
    """

    target: str | Ref
    args: tuple = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    keep: bool = False
    cotangents: Any = None


@dataclass(frozen=True)
class Load:
    """One step of a program: set parameters of the module that an earlier step built.

    Attributes:
        target: the module.
        parameters: by name, or one number for all.
        probe: inputs of the module. With them the names are the model answer's, and a student's
            parameters may have any name and shape: they are recognised by how the module responds.
    """

    target: Ref
    parameters: Parameters | float
    probe: tuple = ()


@dataclass(frozen=True)
class Fetch:
    """One step of a program: return (a part of) an earlier result, or a module's parameters.

    Attributes:
        target: an earlier result, or the name of a value in the student's notebook.
        what: ``value``; of a module ``parameters``, or ``mode``: whether it is in training mode.
    """

    target: Ref | str
    what: str = "value"


@dataclass(frozen=True)
class StandIn:
    """Recorded calls that stand in for a function of the notebook, so that it can be relied on.

    As an argument of a `Call` it becomes a function: a student's code can be handed one that
    returns what it should not, and no code that could do so has to be there.

    A call with the recorded arguments gets the recorded result; any other goes to the notebook's
    own function.

    Attributes:
        name: of the function.
        calls: (arguments, keyword arguments, result) each.
        keys: which parts of a result say whether the notebook's own function is right; "" all.
    """

    name: str
    calls: tuple[Any, ...]
    keys: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Program:
    """Steps (`Build`, `Call`, `Load`, `Fetch`) run in order; stops at the first that raises.

    Answered by one `Outcome` per step that was reached.

    Attributes:
        seed: of the global generators before the first step.
        given: stand in for functions of the notebook while it runs.
    """

    steps: tuple[Build | Call | Load | Fetch, ...]
    seed: int = 0
    given: tuple[StandIn, ...] = ()


@dataclass(frozen=True)
class Train:
    """Train a module with Adam and cross-entropy on one batch, then predict on it.

    Answered by an `Outcome` whose value is ``{"losses": (steps,), "logits": (B, K)}``.
    """

    build: Build
    inputs: tuple
    labels: Any
    steps: int
    lr: float


Request = Describe | Inspect | Run | Program | Train

CROSSING = (
    Describe,
    Description,
    Build,
    Inspect,
    Anatomy,
    Pass,
    Run,
    Outcome,
    Call,
    Load,
    Fetch,
    StandIn,
    Program,
    Train,
    Frame,
    Opaque,
    Raised,
    Ref,
)
