"""What happens inside one step of a plain cell, an LSTM and a GRU, with every product.

All of them are drawn alike: x enters below, the old state at the left, the new one leaves at the
right. The letters are those of the equations in coursework 1 and 2.
"""

from typing import Literal

from rnn_course.plotting.diagram import Diagram, Node

_X, _H = 0.0, 0.7  # heights of the wires that carry the input and the old state


def plain_cell() -> Diagram:
    """Draw the cell that overwrites its state: h' = tanh(of x and h)."""
    d = Diagram(
        (-0.9, -0.6, 6.4, 3.0),
        "Plain cell",
        "The input x and the old state h both lead into one box, tanh. What leaves it is the new "
        "state. Nothing of the old state gets past the box.",
    )
    x, h = d.letter(-0.3, _X, "$x$"), d.letter(-0.3, _H, "$h$")
    tanh, new = d.box(2.6, 1.9, "tanh"), d.letter(5.8, 1.9, "$h'$")
    _reads(d, (tanh,), (x, h), (2.35, 2.85))
    d.arrow(tanh.right, new.left)
    return d


def lstm_cell() -> Diagram:
    """Draw the LSTM: gates f, i and o, the proposal g, the memory c along the top."""
    d = Diagram(
        (-0.9, -0.6, 11.4, 4.7),
        "LSTM: the memory $c$ runs along the top",
        "x and h lead into four boxes: the gates f, i and o, each a σ, and the proposal g, a tanh. "
        "Along the top the memory c is multiplied by f; then the product of i and g is added, "
        "which gives the new c. A copy of it, through a tanh and multiplied by o, is the new h.",
    )
    x, h, c = d.letter(-0.3, _X, "$x$"), d.letter(-0.3, _H, "$h$"), d.letter(-0.3, 4.1, "$c$")
    f, i, g, o = (d.gate(1.7, 1.9), d.gate(3.4, 1.9), d.box(5.2, 1.9, "tanh"), d.gate(7.2, 1.9))
    _reads(d, (f, i, g, o), (x, h), (6.95, 7.45))
    keep, write, add = d.circle(1.7, 4.1), d.circle(4.3, 3.0), d.circle(4.3, 4.1, "+")
    squash, out = d.box(9.0, 3.0, "tanh"), d.circle(9.0, 1.9)
    new_c, new_h = d.letter(10.8, 4.1, "$c'$"), d.letter(10.8, 1.9, "$h'$")
    d.arrow(c.right, keep.left)
    d.arrow(keep.right, add.left)
    d.arrow(add.right, new_c.left)
    d.arrow(f.top, keep.bottom)
    d.arrow(i.top, (3.4, 3.0), write.left)
    d.arrow(g.top, (5.2, 3.0), write.right)
    d.arrow(write.top, add.bottom)
    d.dot((9.0, 4.1))
    d.arrow((9.0, 4.1), squash.top)
    d.arrow(squash.bottom, out.top)
    d.arrow(o.right, out.left)
    d.arrow(out.right, new_h.left)
    for place, name in (((1.45, 2.75), "f"), ((3.15, 2.65), "i"), ((5.45, 2.65), "g"),
                        ((8.2, 2.15), "o")):  # fmt: skip
        d.note(*place, f"${name}$", size=13)
    return d


def gru_cell(reset: Literal["before", "after"] = "after") -> Diagram:
    """Draw the GRU: gates z and r, the proposal, the state along the top.

    Args:
        reset: whether r multiplies the state before its matrix (Cho and others, 2014; the
            proposal is called h̃) or the product after it (cuDNN and PyTorch; n).
    """
    after = reset == "after"
    title = "the product with the matrix" if after else "the state, before the matrix"
    told = "the product of h and its matrix" if after else "h, before the matrix of the tanh"
    d = Diagram(
        (-0.9, -0.6, 12.4, 4.7),
        f"GRU: the reset gate $r$ multiplies {title}",
        f"x and h lead into the gates z and r, each a σ. r multiplies {told}; what comes of it "
        "and x lead into a tanh, the proposal. Along the top the old state is multiplied by z. "
        "The proposal is multiplied by 1 minus z. The sum of both is the new state.",
    )
    x, h, top = d.letter(-0.3, _X, "$x$"), d.letter(-0.3, _H, "$h$"), d.letter(-0.3, 4.1, "$h$")
    z, r = d.gate(1.7, 1.9), d.gate(3.4, 1.9)
    mix, tanh = d.circle(5.4, 1.9), d.box(7.2, 1.9, "tanh")
    keep, add, new = d.circle(1.7, 4.1), d.circle(10.4, 4.1, "+"), d.letter(11.8, 4.1, "$h'$")
    rest, write = d.box(9.0, 3.0, "$1-z$"), d.circle(9.0, 1.9)
    _reads(d, (z, r), (x, h), (7.2, 4.0 if after else 5.4))
    if after:
        matrix = d.box(5.5, _H, "$W_{hn}h + b_{hn}$", width=2.6)
        d.arrow((4.0, _H), matrix.left)
        d.arrow((5.4, matrix.top[1]), mix.bottom)
    else:
        d.arrow((5.4, _H), mix.bottom)
    d.arrow((7.2, _X), tanh.bottom)
    d.arrow(r.right, mix.left)
    d.arrow(mix.right, tanh.left)
    d.arrow(tanh.right, write.left)
    d.arrow(top.right, keep.left)
    d.arrow(keep.right, add.left)
    d.arrow(z.top, keep.bottom)
    d.dot((1.7, 3.0))
    d.arrow((1.7, 3.0), rest.left)
    d.arrow(rest.bottom, write.top)
    d.arrow(write.right, (10.4, 1.9), add.bottom)
    d.arrow(add.right, new.left)
    proposal = "n" if after else "\\tilde{h}"
    for place, name in (((1.45, 2.6), "z"), ((4.3, 2.15), "r"), ((8.25, 2.2), proposal)):
        d.note(*place, f"${name}$", size=13)
    return d


def _reads(
    d: Diagram, readers: tuple[Node, ...], starts: tuple[Node, Node], ends: tuple[float, float]
) -> None:
    """Lead x and h to everything that reads both: two wires, and a pair of arrows for each.

    Args:
        readers: gates and functions of both.
        starts: where the wires of x and of h begin.
        ends: how far each of them goes.
    """
    for start, height, side, end in zip(starts, (_X, _H), (-0.25, 0.25), ends, strict=True):
        d.line(start.right, (end, height))
        for reader in readers:
            place = reader.x + side
            d.arrow((place, height), (place, reader.bottom[1]))
            if place < end:
                d.dot((place, height))
