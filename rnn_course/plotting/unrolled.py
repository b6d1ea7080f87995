"""Recurrent networks laid out in time: one column a step, arrows for what flows, and back."""

from collections.abc import Sequence
from itertools import pairwise

from rnn_course.plotting.diagram import Diagram, Node

_STEP = 3.0  # from one column to the next


def unrolled(steps: int = 4) -> Diagram:
    """Draw a network with a loss at every step: forward arrows, and gradients the other way.

    Args:
        steps: columns.
    """
    d = Diagram(
        (-4.2, -0.8, _STEP * steps - 1.4, 7.2),
        f"Unrolled, T = {steps}: forward (black), gradients (red, dashed)",
        f"{steps} columns, one for each time step. In each, arrows lead up from the input x to "
        "the state h, to the scores y, to the loss. From column to column arrows lead from state "
        "to state, through W_hh. Beside every arrow but those of the inputs a dashed one leads "
        "back: into each state come two, from its own scores and from the next state (dh_next).",
    )
    before = d.letter(-_STEP, 2.0, "$h_0$")
    for t in range(steps):
        at, sub = _STEP * t, t + 1
        x, h = d.letter(at, 0, f"$x_{{{sub}}}$"), d.box(at, 2, f"$h_{{{sub}}}$")
        y = d.box(at, 4, f"$y_{{{sub}}}$")
        loss = d.box(at, 6, f"loss$_{{{sub}}}$", width=1.5)
        d.arrow(x.top, h.bottom)
        for low, high in ((h, y), (y, loss)):
            _there_and_back(d, low, high)
        _there_and_back(d, before, h)
        before = h
    d.note(-_STEP / 2, 1.4, "$W_{hh}$")
    for t in range(1, steps):
        d.note(_STEP * (t - 0.5), 1.4, "$W_{hh}$")
    d.note(_STEP / 2, 2.65, "dh_next", way="gradient", size=10)
    d.note(-0.65, 1.0, "$W_{xh}$")
    d.note(-0.85, 3.0, "$W_{hy}$")
    return d


def _there_and_back(d: Diagram, first: Node, second: Node) -> None:
    """Join two nodes by an arrow forward, and beside it one for the gradient."""
    if first.y == second.y:
        d.arrow((first.right[0], first.y - 0.2), (second.left[0], first.y - 0.2))
        d.arrow((second.left[0], first.y + 0.2), (first.right[0], first.y + 0.2), way="gradient")
    else:
        d.arrow((first.x - 0.2, first.top[1]), (first.x - 0.2, second.bottom[1]))
        back = ((first.x + 0.2, second.bottom[1]), (first.x + 0.2, first.top[1]))
        d.arrow(*back, way="gradient")


def way_back(steps: int = 4) -> Diagram:
    """Draw one path of the chain rule: from the last loss to the weights at the first step.

    Args:
        steps: states.
    """
    d = Diagram(
        (-1.4, -1.5, _STEP * steps - 0.6, 4.0),
        f"One term of the sum: from the loss at step {steps} to $W_{{hh}}$ at step 1",
        f"Dashed arrows lead from the loss at step {steps} to its state, then from each state to "
        "the one before, and from the first state to W_hh. At each step back the gradient is "
        "multiplied by the slope 1 minus h squared, and by W_hh transposed.",
    )
    places = [d.box(_STEP * t, 1, f"$h_{t + 1}$") for t in range(steps)]
    loss = d.box(_STEP * (steps - 1), 3.2, f"loss$_{steps}$", width=1.5)
    weights = d.letter(0, -0.9, "$W_{hh}$")
    d.arrow(loss.bottom, places[-1].top, way="gradient")
    d.note(places[-1].x + 1.0, 2.1, r"$W_{hy}^\top$", way="gradient")
    for number, (earlier, later) in enumerate(pairwise(places), start=2):
        d.arrow(later.left, earlier.right, way="gradient")
        middle = (earlier.x + later.x) / 2
        d.note(middle, 1.65, r"$\times\,W_{hh}^\top$", way="gradient")
        d.note(middle, 0.4, rf"$\times\,(1-h_{number}^2)$", way="gradient")
    d.arrow(places[0].bottom, weights.top, way="gradient")
    return d


def chain(steps: int = 5) -> Diagram:
    """Draw a network that answers at the end: one copy of the cell a step, and a readout.

    Args:
        steps: columns.
    """
    wide = 2.2
    d = Diagram(
        (-3.1, -0.8, wide * (steps + 1) + 0.9, 3.2),
        f"One cell, drawn once for each time step, T = {steps}",
        f"A row of {steps} boxes, all called cell. Into each lead an input from below and the "
        "state of the box before it; into the first, zeros. The last state leads into a linear "
        "layer, and that to the logits.",
    )
    before = d.letter(-wide, 1.8, "zeros", 1.4)
    for t in range(steps):
        cell = d.box(wide * t, 1.8, "cell")
        x = d.letter(wide * t, 0, f"$x_{{{t + 1}}}$")
        d.arrow(x.top, cell.bottom)
        d.arrow(before.right, cell.left)
        before = cell
        d.note(wide * (t + 0.5), 2.35, f"$h_{t + 1}$")
    readout = d.box(wide * steps, 1.8, "linear", width=1.3)
    d.arrow(before.right, readout.left)
    logits = d.letter(wide * (steps + 1) + 0.3, 1.8, "logits", 1.6)
    d.arrow(readout.right, logits.left)
    return d


def stacked(layers: int = 2, steps: int = 3) -> Diagram:
    """Draw layers of cells: each reads the states of the one below, and keeps its own.

    Args:
        layers: rows of cells.
        steps: columns.
    """
    d = Diagram(
        (-4.4, -0.8, _STEP * steps + 3.6, 2.0 * layers + 1.0),
        "A stack: up from layer to layer, right from step to step",
        f"{layers} rows of states, one above the other, {steps} in each. The lowest row reads the "
        "inputs, each other row the states of the row below, at the same step. In each row a state "
        "leads to the next, and zeros to the first. The last state of the top row leads into a "
        "linear layer, and that to the logits.",
    )
    inputs = [d.letter(_STEP * t, 0, f"$x_{t + 1}$") for t in range(steps)]
    below: Sequence[Node] = inputs
    for layer in range(1, layers + 1):
        start = d.letter(-_STEP, 2 * layer, f"layer {layer}: zeros", 2.7)
        before = start.right
        row = []
        for t, low in enumerate(below):
            cell = d.box(_STEP * t, 2 * layer, f"$h_{t + 1}^{{({layer})}}$", width=1.3)
            d.arrow(low.top, cell.bottom)
            d.arrow(before, cell.left)
            before = cell.right
            row.append(cell)
        below = row
    readout = d.box(_STEP * steps - 0.2, 2 * layers, "linear", width=1.3)
    logits = d.letter(_STEP * steps + 2.4, 2 * layers, "logits", 1.6)
    d.arrow(below[-1].right, readout.left)
    d.arrow(readout.right, logits.left)
    return d


def two_directions(steps: int = 3) -> Diagram:
    """Draw a forward and a backward stack of one layer, and below each state what it has read.

    Args:
        steps: columns.
    """
    d = Diagram(
        (-2.4, -4.0, _STEP * steps + 4.0, 3.6),
        "Two directions; in small letters, what each state has read",
        f"In the middle the inputs x 1 to x {steps}. Above them a row of states with arrows to the "
        f"right: the state at step 1 has read x 1, that at step {steps} has read all. Below a row "
        f"with arrows to the left: the state at step {steps} has read x {steps} only, that at step "
        "1 has read all. The two that have read all are joined and lead into a linear layer.",
    )
    ahead, back = [], []
    for t in range(steps):
        x = d.letter(_STEP * t, 0, f"$x_{t + 1}$")
        ahead.append(d.box(_STEP * t, 2.2, rf"$\overrightarrow{{h}}_{t + 1}$", width=1.3))
        back.append(d.box(_STEP * t, -2.2, rf"$\overleftarrow{{h}}_{t + 1}$", width=1.3))
        d.arrow(x.top, ahead[-1].bottom)
        d.arrow(x.bottom, back[-1].top)
        d.note(_STEP * t, 3.0, _read(range(1, t + 2)), size=10)
        d.note(_STEP * t, -3.0, _read(range(steps, t, -1)), size=10)
    for first, second in pairwise(ahead):
        d.arrow(first.right, second.left)
    for first, second in pairwise(back):
        d.arrow(second.left, first.right)
    join = d.box(_STEP * steps + 0.4, 0, "concat,\nlinear", width=1.8)
    d.arrow(ahead[-1].right, (join.x, 2.2), join.top)
    d.arrow(back[0].left, (-1.6, -2.2), (-1.6, -3.6), (join.x, -3.6), join.bottom)
    logits = d.letter(_STEP * steps + 3.0, 0, "logits", 1.6)
    d.arrow(join.right, logits.left)
    return d


def _read(order: range) -> str:
    return ", ".join(f"$x_{t}$" for t in order)
