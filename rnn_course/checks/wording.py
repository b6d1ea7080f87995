"""How what was seen is put into words: a call that can be pasted, what came, what is right."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.observation import FAILED, MISSING, SHAPE, Path, Seen
from rnn_course.checks.requests import Build, Call, Fetch, Load, StandIn
from rnn_course.checks.values import Frame, Ref, Rng, Tensor

_LONGEST = 1500
_LONGEST_VALUE = 160


def call_text(case: Case, step: str = "") -> str:
    """Return a case as Python that a student can paste; "" where it would be too long.

    Args:
        case: what was tried.
        step: the one whose result is to be seen; with those that it needs. All where it is "".
    """
    names = list(case.steps)
    steps = {name: _by_name(one, names) for name, one in case.steps.items()}
    shown = _needed(step, steps) if step in steps else set(names)
    texts = {name: _step_text(one) for name, one in steps.items() if name in shown}
    if not all(texts.values()):
        return ""
    lines = [f"{name} = {text}" if len(texts) > 1 else text for name, text in texts.items()]
    whole = "\n".join(lines)
    return whole if len(whole) <= _LONGEST else ""


def _by_name(value: Any, names: Sequence[str]) -> Any:
    """Write the name of a step where a reference has its place."""
    if isinstance(value, Ref):
        return Ref(names[value.step], value.path) if isinstance(value.step, int) else value
    if isinstance(value, (list, tuple)):
        return type(value)(_by_name(item, names) for item in value)
    if isinstance(value, Mapping):
        return {key: _by_name(item, names) for key, item in value.items()}
    if isinstance(value, (Call, Build, Load, Fetch)):
        parts = ("target", "args", "kwargs")
        found = {part: getattr(value, part) for part in parts if hasattr(value, part)}
        return replace(value, **{part: _by_name(item, names) for part, item in found.items()})
    return value


def _needed(step: str, steps: Mapping[str, Any]) -> set[str]:
    """Return a step with all that it refers to."""
    found, waiting = set[str](), [step]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _referred(steps[name])
    return found


def _referred(value: Any) -> list[str]:
    if isinstance(value, Ref):
        return [str(value.step)]
    if isinstance(value, (Call, Build, Load, Fetch)):
        parts = ("target", "args", "kwargs")
        value = [getattr(value, part) for part in parts if hasattr(value, part)]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [name for item in value for name in _referred(item)]
    return []


def _step_text(step: Any) -> str:
    if isinstance(step, Call):
        target = step.target if isinstance(step.target, str) else literal(step.target)
        method = f".{step.method}" if step.method else ""
        return f"{target}{method}({_arguments(step.args, step.kwargs)})"
    if isinstance(step, Build) and not step.given:
        dtype = ".double()" if step.dtype == "float64" else ""
        return f"{step.name}({_arguments(step.args, step.kwargs)}){dtype}"
    if isinstance(step, Fetch) and step.what == "value":
        return step.target if isinstance(step.target, str) else literal(step.target)
    return "" if isinstance(step, (Build, Load, Fetch)) else repr(step)


def _arguments(args: tuple, kwargs: Mapping[str, Any]) -> str:
    named = (f"{name}={literal(value)}" for name, value in kwargs.items())
    return ", ".join([*map(literal, args), *named])


def literal(value: Any) -> str:
    """Write data as Python."""
    if isinstance(value, Tensor):
        grad = ", requires_grad=True" if value.requires_grad else ""
        data = np.asarray(value.data).tolist()
        kind = f", dtype=torch.{value.dtype}" if value.dtype not in ("int64", "bool") else ""
        return f"torch.tensor({_numbers(data)}{kind}{grad})"
    if isinstance(value, np.ndarray):
        kind = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype={value.dtype}"
        if value.size and not value.any():
            return f"np.zeros({value.shape}{kind})"
        return f"np.array({_numbers(value.tolist())}{kind})"
    if isinstance(value, Ref):
        return f"{value.step}{''.join(f'[{key!r}]' for key in value.path)}"
    if isinstance(value, Rng):
        maker = "np.random.default_rng" if value.kind == "numpy" else "torch.manual_seed"
        return f"{maker}({value.seed})"
    if isinstance(value, StandIn) and value.calls:
        return f"lambda *_: {literal(value.calls[0][2])}"
    if isinstance(value, Frame):
        return f"pd.DataFrame({literal(dict(value.columns))})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k!r}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    return repr(value.item() if isinstance(value, np.generic) else value)


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_numbers, value)) + "]"
    return f"{value:.12g}" if isinstance(value, float) and np.isfinite(value) else repr(value)


def seen_text(path: Path, came: Seen, wanted: Seen, within: float, *, told: bool = True) -> str:
    """Say what came and, where it may be told, what is right, in one sentence."""
    name = path.name
    if path.other is not None:
        alike = bool(wanted.numbers.all())
        return f"{name} {'differs' if alike else 'is the same'}, and should not."
    if came.structure.startswith(FAILED) and path.aspect != "raised":
        return f"it raised {came.structure.removeprefix(FAILED)}."
    if path.aspect == "changed":
        return "an argument had other values after the call."
    if path.aspect in ("again", "random"):
        return "the same call gave another result the second time."
    if path.aspect == "printed" and path.keys:
        return f"“{'.'.join(path.keys)}” was not printed."
    if path.aspect == "printed":
        return "it printed something." if came.numbers.any() else "nothing was printed."
    if path.aspect == "raised":
        return _raised_text(came, wanted)
    if came.structure.startswith("digest "):
        return f"{name} is not right."
    if came.structure == MISSING.structure:
        return f"the result has no part for {name}."
    if not told:
        return f"{name} is {_short(came)}, and that is not right."
    name = {
        "gradients": "the gradient",
        "dtype": f"the type of {name}",
        "kind": f"the type of {name}",
        "length": f"the length of {name}",
        "shape": f"the shape of {name}",
        "index": f"the labels of the rows of {name}",
    }.get(path.aspect, name)
    if came.structure.partition("|")[0] != wanted.structure.partition("|")[0]:
        return f"{name} is {_short(came)}; {_short(wanted)} is right."
    return f"{name}{_number_text(came, wanted, within)}"


def _raised_text(came: Seen, wanted: Seen) -> str:
    right = wanted.structure.strip("'")
    if came.structure == "''":
        return f"nothing was raised; {right} is right."
    raised = came.structure.strip("'")
    return f"it raised {raised}; " + (f"{right} is right." if right else "nothing is to be raised.")


def _short(seen: Seen) -> str:
    """Describe something that was seen in a few words."""
    if seen.shape is not None:
        if seen.shape == ():
            return _number(seen, 0)
        return f"an array of shape {seen.shape}"
    text = seen.structure.removeprefix(SHAPE)
    if not seen.numbers.size or len(text) > _LONGEST_VALUE:
        return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
    return f"made up as {text}"


def _number_text(came: Seen, wanted: Seen, within: float) -> str:
    flags = [_flags(seen) for seen in (came, wanted)]
    size = max(1.0, float(np.abs(wanted.numbers).max(initial=0.0)))
    off = np.abs(came.numbers - wanted.numbers)
    off = np.where([a != b for a, b in zip(*flags, strict=True)], np.inf, off)
    wrong = np.flatnonzero(off > within * size)
    if not wrong.size:
        return " is as it should be in numbers, and not in form."
    n = int(off.argmax())
    shape = wanted.shape
    at = ""
    if shape and wanted.numbers.size > 1:
        at = f"[{', '.join(map(str, np.unravel_index(n, shape)))}]"
    elif shape is None and wanted.numbers.size > 1:
        at = f", number {n + 1} of {wanted.numbers.size},"
    digits = next((d for d in (6, 9, 12) if _number(came, n, d) != _number(wanted, n, d)), 17)
    return f"{at} is {_number(came, n, digits)} where {_number(wanted, n, digits)} is right" + (
        f" ({wrong.size} of {off.size} numbers differ)." if off.size > 1 else "."
    )


def _flags(seen: Seen) -> str:
    _, there, flags = seen.structure.partition("|")
    return flags if there else "." * seen.numbers.size


def _number(seen: Seen, n: int, digits: int = 6) -> str:
    special = {"n": "NaN", "+": "∞", "-": "-∞"}.get(_flags(seen)[n])
    if special:
        return special
    if seen.structure.startswith("b"):
        return str(bool(seen.numbers[n]))
    return f"{float(seen.numbers[n]):.{digits}g}"
