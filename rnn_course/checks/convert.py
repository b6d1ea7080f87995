"""Between data that crosses the seam and live objects on the student's side."""

import inspect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import torch

from rnn_course.checks.observation import Loose, gap, see
from rnn_course.checks.requests import Parameters, StandIn
from rnn_course.checks.values import Frame, Opaque, Rng, Tensor, map_leaves

_MAX_PARTS = 20_000
_PLAIN = frozenset({int, float, str, bool, type(None)})  # the most by far in a list of symbols
_SAME_ARGUMENTS = 1e-7  # a student's own sum may round otherwise


def to_student(
    value: Any, dtype: torch.dtype | None = None, device: str = "cpu", requires_grad: bool = False
) -> Any:
    """Make live arguments from data.

    Args:
        value: nested data.
        dtype: None leaves arrays to NumPy and makes tensors of `Tensor` only; a floating type
            makes every array a tensor, of this type if it is floating.
        device: where tensors are put.
        requires_grad: whether floating tensors made from arrays ask for gradients.
    """

    return map_leaves(lambda leaf: live(leaf, dtype, device, requires_grad), value)


def live(
    leaf: Any, dtype: torch.dtype | None = None, device: str = "cpu", requires_grad: bool = False
) -> Any:
    """Make one live argument of data; see `to_student`."""
    if type(leaf) in _PLAIN:
        return leaf
    if isinstance(leaf, np.ndarray):
        if dtype is None:
            return leaf.copy()
        tensor = torch.tensor(leaf, device=device)
        if tensor.is_floating_point():
            return tensor.to(dtype).requires_grad_(requires_grad)
        return tensor
    if isinstance(leaf, Tensor):
        return torch.tensor(leaf.data, device=leaf.device).requires_grad_(leaf.requires_grad)
    if isinstance(leaf, Rng):
        if leaf.kind == "torch":
            return torch.Generator().manual_seed(leaf.seed)
        return np.random.default_rng(leaf.seed)
    if isinstance(leaf, Frame):
        return _live_frame(leaf)
    return recorded_calls(leaf) if isinstance(leaf, StandIn) else leaf


def recorded_calls(stand_in: StandIn, own: Callable | None = None) -> Callable:
    """Make a function of recorded calls; see `StandIn`.

    Args:
        stand_in: the calls.
        own: what other calls go to; without it they raise.
    """
    wanted = [in_order(own, args, kwargs) for args, kwargs, _ in stand_in.calls]

    def call(*args: Any, **kwargs: Any) -> Any:
        asked = in_order(own, args, kwargs)
        far = [(_far(asked, known), n) for n, known in enumerate(wanted)]
        nearest = min(far, default=(np.inf, 0))
        if nearest[0] <= _SAME_ARGUMENTS:
            return to_student(stand_in.calls[nearest[1]][2])
        if own is None:
            raise ValueError(f"{stand_in.name} was called with other arguments than it was given")
        return own(*args, **kwargs)

    return call


def in_order(
    function: Callable | None, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return a call's arguments as data by their place, however they are handed over."""
    asked: tuple[Any, ...] = (*args, *kwargs.values())
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)  # type: ignore[arg-type]  # TypeError
        bound.apply_defaults()
        asked = (*bound.args, *bound.kwargs.values())
    except (TypeError, ValueError):  # it calls its arguments otherwise
        pass
    return returned(asked)


def _far(asked: Sequence[Any], known: Sequence[Any]) -> float:
    """Return how far a call is from a known one; what only one of them gives does not count."""
    n = min(len(asked), len(known))
    one, other = (see(list(args[:n]), Loose(shape="free")) for args in (asked, known))
    return gap(one.numbers, other.numbers) if one.structure == other.structure else np.inf


def returned(value: Any) -> Any:
    """Make data from what a student's code returned; what is not data becomes `Opaque`."""
    budget = [_MAX_PARTS]

    def convert(item: Any, depth: int) -> Any:
        budget[0] -= 1
        if budget[0] < 0 or depth > 30:
            return Opaque(type(item).__name__, "too large to look at")
        kind = type(item)
        if kind is float or (kind is int and item.bit_length() <= 63):
            return item
        if isinstance(item, torch.Tensor):
            return _tensor(item)
        if kind is list:
            return [convert(part, depth + 1) for part in item]
        if isinstance(item, tuple):
            return tuple([convert(part, depth + 1) for part in item])
        if isinstance(item, deque):
            return [convert(part, depth + 1) for part in item]
        if isinstance(item, dict) and all(type(key) in (str, int) for key in item):
            return {str(key): convert(part, depth + 1) for key, part in item.items()}
        if kind is int and item.bit_length() > 63:  # no array holds it, and its text may be endless
            return Opaque("int", f"a whole number of {item.bit_length()} bits")
        if item is None or kind in (bool, int, float, str, Opaque):
            return item
        library = kind.__module__.partition(".")[0]
        if library in ("pandas", "matplotlib"):
            return convert(_frame(item) if library == "pandas" else _plot(item), depth + 1)
        if isinstance(item, Frame):
            return Frame(convert(dict(item.columns), depth + 1), convert(item.index, depth + 1))
        if isinstance(item, (np.ndarray, np.generic)) and item.dtype.kind in "fiub":
            return np.array(item) if isinstance(item, np.ndarray) else item
        return Opaque(kind.__name__, _short(item))

    return convert(value, 0)


def _live_frame(frame: Frame) -> Any:
    import pandas

    return pandas.DataFrame(dict(frame.columns), index=frame.index)


def _frame(item: Any) -> Any:
    """Take a frame or a series apart; anything else of pandas is left as it is seen."""
    import pandas

    if isinstance(item, pandas.Series):
        item = item.to_frame(str(item.name))
    if not isinstance(item, pandas.DataFrame):
        return Opaque(type(item).__name__, _short(item))
    columns = {str(name): _column(item[name]) for name in item.columns}
    plain = isinstance(item.index, pandas.RangeIndex)
    return Frame(columns, None if plain else _column(item.index))


def _column(values: Any) -> Any:
    array = np.asarray(values)
    return array if array.dtype.kind in "fiub" else [str(value) for value in array.tolist()]


def _plot(item: Any) -> Any:
    """Say what a drawing shows: labels, and the numbers of its lines, points and bars."""
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    if isinstance(item, Figure):
        return {"axes": [_plot(axes) for axes in item.axes]}
    if not isinstance(item, Axes):
        return Opaque(type(item).__name__, _short(item))
    lines = [[np.asarray(v, float) for v in line.get_data()] for line in item.get_lines()]
    bars = [
        [bar.get_x() + bar.get_width() / 2, bar.get_height()]
        for bar in item.patches
        if isinstance(bar, Rectangle)
    ]
    points = [np.asarray(c.get_offsets(), float) for c in item.collections]
    labels = {"title": item.get_title(), "xlabel": item.get_xlabel(), "ylabel": item.get_ylabel()}
    return {**labels, "lines": lines, "bars": bars, "points": points}


def _short(item: Any) -> str:
    try:
        return repr(item)[:200]
    except Exception:
        return ""


def _tensor(tensor: torch.Tensor) -> Any:
    shape, dtype = tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")
    data = None
    if tensor.device.type != "meta":
        try:
            data = tensor.detach().cpu().resolve_conj().resolve_neg().numpy().copy()
        except (TypeError, RuntimeError):
            return Opaque("Tensor", f"a tensor of dtype {dtype}")
    return Tensor(data, shape, dtype, str(tensor.device), bool(tensor.requires_grad))


def snapshot(value: Any) -> Any:
    """Copy arrays and tensors, so that a change in place can be seen afterwards."""

    def copy(leaf: Any) -> Any:
        if type(leaf) in _PLAIN:
            return leaf
        if isinstance(leaf, torch.Tensor):
            return leaf.detach().clone()
        frame = type(leaf).__module__.startswith("pandas")
        return leaf.copy() if frame or isinstance(leaf, np.ndarray) else leaf

    return map_leaves(copy, value)


def same_data(before: Any, after: Any) -> bool:
    """Tell whether arrays, tensors and lists still hold what they held, to the last bit."""
    if type(before) in _PLAIN:
        return before is after or (type(before) is type(after) and before == after)
    if isinstance(before, torch.Tensor) and isinstance(after, torch.Tensor):
        if before.device.type == "meta" or after.device.type == "meta":
            return before.shape == after.shape
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        after = after.detach()
        return torch.equal(before, after) or torch.equal(before.nan_to_num(), after.nan_to_num())
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        return before.shape == after.shape and before.tobytes() == after.tobytes()
    if type(before).__module__.startswith("pandas"):
        return type(before) is type(after) and bool(before.equals(after))
    if isinstance(before, (list, tuple)) and type(before) is type(after):
        return len(before) == len(after) and all(map(same_data, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(same_data(before[k], after[k]) for k in before)
    return type(before) is type(after)


class Weights:
    """Remembers the numbers of named parameters, to see which of them have changed."""

    def __init__(self, named: Mapping[str, torch.Tensor]) -> None:
        self._shapes = {name: p.shape for name, p in named.items()}
        self._numbers = _in_one(named)
        self._apart = None if self._numbers is not None else snapshot(list(named.values()))

    def changed(self, named: Mapping[str, torch.Tensor]) -> Iterator[str]:
        """Name those that do not hold what they held."""
        if self._numbers is not None and {n: p.shape for n, p in named.items()} == self._shapes:
            now = _in_one(named)
            if now is not None and torch.equal(now, self._numbers):
                return
        before = self._apart
        if before is None and self._numbers is not None:
            sizes = [shape.numel() for shape in self._shapes.values()]
            parts = zip(self._numbers.split(sizes), self._shapes.values(), strict=True)
            before = [part.reshape(shape) for part, shape in parts]
        for name, old in zip(self._shapes, before or (), strict=True):
            if not same_data(old, named.get(name)):
                yield name


def _in_one(named: Mapping[str, torch.Tensor]) -> torch.Tensor | None:
    """Return all numbers in one tensor, where they are of one kind in one place."""
    kinds = {(p.dtype, p.device.type, p.layout) for p in named.values()}
    if len(kinds) != 1 or "meta" in next(iter(kinds)) or torch.strided not in next(iter(kinds)):
        return None
    return torch.cat([p.detach().reshape(-1) for p in named.values()])


def load_parameters(module: torch.nn.Module, values: Parameters | float) -> None:
    """Write values into a module's parameters: by name (buffers too), or one number into all.

    Raises:
        KeyError: the module has no parameter or buffer of a given name.
    """
    named: dict[str, torch.Tensor] = dict(module.named_parameters())
    with torch.no_grad():
        if isinstance(values, (int, float)):
            for parameter in named.values():
                parameter.fill_(values)
            return
        named |= dict(module.named_buffers())
        for name, value in values.items():
            named[name].copy_(torch.as_tensor(value).reshape(named[name].shape))


def gradients(
    output: Any, cotangents: Any, sent: Any, weights: list[torch.Tensor]
) -> tuple[Any, list[np.ndarray | None]]:
    """Differentiate sum(output * cotangent) by every input that asks for it, and by weights.

    Returns:
        The inputs' structure with an array (or None) at each leaf, and a list for the weights.
    """
    terms = list(_products(output, cotangents))
    leaves: list[torch.Tensor] = []
    map_leaves(lambda leaf: leaves.append(leaf) if _wants_grad(leaf) else None, sent)
    total = reduce(add, terms) if terms else None
    asked = [*leaves, *(weight for weight in weights if weight.requires_grad)]
    found: list[Any] = [None] * (len(leaves) + len(weights))
    if total is not None and total.requires_grad:
        answers = iter(torch.autograd.grad(total, asked, allow_unused=True))
        found = [next(answers) if t.requires_grad else None for t in (*leaves, *weights)]
    arrays = [None if g is None else g.detach().cpu().numpy().copy() for g in found]
    queue = iter(arrays[: len(leaves)])
    structure = map_leaves(lambda leaf: next(queue) if _wants_grad(leaf) else None, sent)
    return structure, arrays[len(leaves) :]


def _wants_grad(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor) and leaf.requires_grad


def _products(output: Any, cotangents: Any) -> Iterable[torch.Tensor]:
    if cotangents is None:
        return
    if isinstance(cotangents, (list, tuple)):
        for part, cotangent in zip(output, cotangents, strict=False):
            yield from _products(part, cotangent)
    elif isinstance(output, torch.Tensor):
        weight = torch.as_tensor(np.asarray(cotangents)).to(output)
        yield (output * weight).sum()
