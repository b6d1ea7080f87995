"""One style for all drawings of networks: boxes, circles, arrows and letters.

A thing keeps its look in every drawing, and never by colour alone:

==========  =======================================================
data        a letter without a frame
state       a rounded box
gate        a box with a tint: what comes out lies between 0 and 1
product     a circle with ⊙ in it, a sum one with +
forward     a black arrow
gradient    a red, dashed arrow
copy        a dot, where one arrow becomes two
==========  =======================================================

Units are those of the drawing; a unit is half an inch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from rnn_course.plotting.showing import bundle

Point = tuple[float, float]
Shape = Literal["letter", "box", "gate", "circle"]
Way = Literal["forward", "gradient"]

INK, GRADIENT, TINT = "black", "#b42318", "#dbeafe"
_UNIT = 0.5  # inches
_POINTS = 13


@dataclass(frozen=True)
class Node:
    """Something drawn, with the four points at which arrows meet it."""

    x: float
    y: float
    width: float
    height: float
    text: str
    shape: Shape

    @property
    def left(self) -> Point:
        """The middle of the left side."""
        return self.x - self.width / 2, self.y

    @property
    def right(self) -> Point:
        """The middle of the right side."""
        return self.x + self.width / 2, self.y

    @property
    def top(self) -> Point:
        """The middle of the upper side."""
        return self.x, self.y + self.height / 2

    @property
    def bottom(self) -> Point:
        """The middle of the lower side."""
        return self.x, self.y - self.height / 2


@dataclass(frozen=True)
class Arrow:
    """A way along points, with a head at its end."""

    points: tuple[Point, ...]
    way: Way


class Diagram:
    """A drawing being made.

    As the last line of a cell it shows itself.

    Args:
        corners: left, bottom, right and top of the part of the plane that is drawn.
        title: a few words above the drawing.
        alt: what is to be seen, for those who cannot see it.
    """

    def __init__(self, corners: tuple[float, float, float, float], title: str, alt: str) -> None:
        left, bottom, right, top = corners
        self.alt = alt
        size = (_UNIT * (right - left), _UNIT * (top - bottom) + 0.35)
        self.figure = Figure(figsize=size, layout="constrained")
        self.ax: Axes = self.figure.subplots()
        self.ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
        self.ax.set_title(title, fontsize=12)
        self.ax.axis("off")
        self.nodes: list[Node] = []
        self.arrows: list[Arrow] = []

    def _repr_mimebundle_(self, **_: object) -> Mapping[str, Any]:
        return bundle(self.figure, self.alt)

    def letter(self, x: float, y: float, text: str, width: float = 0.9) -> Node:
        """Write an input, a state or a result."""
        return self._node(Node(x, y, width, 0.7, text, "letter"))

    def box(self, x: float, y: float, text: str, width: float = 1.1) -> Node:
        """Draw a state or a function."""
        return self._node(Node(x, y, width, 0.8, text, "box"))

    def gate(self, x: float, y: float, text: str = "σ", width: float = 1.1) -> Node:
        """Draw a gate."""
        return self._node(Node(x, y, width, 0.8, text, "gate"))

    def circle(self, x: float, y: float, text: str = "$\\odot$") -> Node:
        """Draw a product or a sum."""
        return self._node(Node(x, y, 0.56, 0.56, text, "circle"))

    def arrow(self, *points: Point, way: Way = "forward") -> None:
        """Draw an arrow from the first point, along the others, to the last."""
        back = way == "gradient"
        colour, dashes = (GRADIENT, "--") if back else (INK, "-")
        *bends, end = points
        xs, ys = zip(*bends, strict=True)
        self.ax.plot(xs, ys, color=colour, linestyle=dashes, linewidth=1.3, zorder=1)
        style = {"arrowstyle": "-|>", "color": colour, "linestyle": dashes, "linewidth": 1.3,
                 "shrinkA": 0, "shrinkB": 0}  # fmt: skip
        self.ax.annotate("", end, bends[-1], arrowprops=style, zorder=1)
        self.arrows.append(Arrow(points, way))

    def line(self, *points: Point) -> None:
        """Draw a wire that ends in no head; others branch off it."""
        xs, ys = zip(*points, strict=True)
        self.ax.plot(xs, ys, color=INK, linewidth=1.3, zorder=1, solid_capstyle="butt")

    def dot(self, *places: Point) -> None:
        """Mark where a wire is copied."""
        for x, y in places:
            self.ax.add_patch(Circle((x, y), 0.07, color=INK, zorder=3))

    def note(self, x: float, y: float, text: str, *, way: Way = "forward", size: int = 11) -> None:
        """Write beside an arrow or a box."""
        colour = GRADIENT if way == "gradient" else INK
        self.ax.text(x, y, text, ha="center", va="center", fontsize=size, color=colour)

    def _node(self, node: Node) -> Node:
        corner = (node.x - node.width / 2, node.y - node.height / 2)
        face = TINT if node.shape == "gate" else "white"
        if node.shape == "circle":
            patch = Circle((node.x, node.y), node.width / 2, fc="white", ec=INK, zorder=2)
            self.ax.add_patch(patch)
        elif node.shape != "letter":
            look = f"round,pad=0,rounding_size={0.18 if node.shape == 'box' else 0.05}"
            self.ax.add_patch(FancyBboxPatch(corner, node.width, node.height, boxstyle=look,
                                             fc=face, ec=INK, zorder=2))  # fmt: skip
        self.ax.text(
            node.x, node.y, node.text, ha="center", va="center", fontsize=_POINTS, zorder=4
        )
        self.nodes.append(node)
        return node
