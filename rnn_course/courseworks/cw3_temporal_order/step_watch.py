"""Notes what torch's optimizers do to the parameters of a model: rates, gradients, new starts."""

import weakref
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from torch import Tensor
from torch.optim.optimizer import Optimizer, register_optimizer_step_pre_hook

_KEPT = 5


class StepWatch:
    """Looks on at every step that an optimizer of torch makes with some parameters.

    A model sees neither the optimizer nor what becomes of a gradient after ``backward()``, so torch
    is asked to call before each step. An optimizer that is not torch's is not seen.

    Attributes:
        steps: how many there were.
        rates: each kind of optimizer with each rate that it used.
        gradients: (norm as ``backward()`` left it, norm at the step) of the first ones above 1.
        restarts: how often another optimizer took over from one that had gathered something.
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self.steps = self.restarts = 0
        self.rates: list[tuple[str, float]] = []
        self.gradients: list[tuple[float, float]] = []
        self._parameters = list(parameters)
        self._left: dict[int, float] = {}
        self._last: Optimizer | None = None
        for parameter in parameters:
            parameter.register_post_accumulate_grad_hook(weakly(self._accumulated))
        _looking_on.add(self)
        _tell_all_once()

    def _accumulated(self, parameter: Tensor) -> None:
        self._left[id(parameter)] = _norm(parameter.grad)

    def before_step(self, optimizer: Optimizer) -> None:
        """Note what a step is going to use."""
        mine = {id(parameter) for parameter in self._parameters}
        groups = [g for g in optimizer.param_groups if mine & {id(p) for p in g["params"]}]
        if not groups:
            return
        self.steps += 1
        used = [(type(optimizer).__name__, float(group["lr"])) for group in groups]
        self.rates += [rate for rate in dict.fromkeys(used) if rate not in self.rates]
        left = float(np.hypot.reduce(list(self._left.values()) or [0.0]))
        if left > 1.05 and len(self.gradients) < _KEPT:
            now = np.hypot.reduce([_norm(parameter.grad) for parameter in self._parameters])
            self.gradients.append((left, float(now)))
        if self._last is not None and self._last is not optimizer:
            self.restarts += any(map(_gathered, map(self._last.state.get, self._parameters)))
        self._last = optimizer


_looking_on: "weakref.WeakSet[StepWatch]" = weakref.WeakSet()


@cache
def _tell_all_once() -> None:
    """Let torch call before each step of all optimizers.

    One hook for the whole process: torch walks through its hooks at each step, and one that went
    with its object, whenever that is collected, would change them under its feet.
    """
    register_optimizer_step_pre_hook(_tell_all)


def _tell_all(optimizer: Optimizer, *_: Any) -> None:
    for watch in tuple(_looking_on):
        watch.before_step(optimizer)


def weakly(method: Callable[..., None]) -> Callable[..., None]:
    """Return a hook that does not keep the method's object alive.

    Torch holds the hooks of a tensor where Python's garbage collector does not look, so an object
    whose own tensor calls it would never go.
    """
    seen = weakref.WeakMethod(method)

    def hook(*args: Any) -> None:
        act = seen()
        if act is not None:
            act(*args)

    return hook


def _gathered(state: Any) -> bool:
    """Tell whether an optimizer has kept averages of a parameter, as Adam does."""
    return any(isinstance(value, Tensor) for value in (state or {}).values())


def _norm(gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else float(np.linalg.norm(gradient.detach().numpy()))
