"""Pictures that change under one's hands, and stand still where nothing can be moved.

The still picture is always there. Where ipywidgets is installed and a kernel runs, sliders are
offered in its place; a saved notebook, a PDF and a reader without JavaScript get the still one.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_course.plotting.showing import bundle


class Slider(NamedTuple):
    """One number that can be moved: where it starts, and how far it goes."""

    start: float
    low: float
    high: float
    step: float
    label: str


class View(NamedTuple):
    """A picture, and what it shows in words."""

    picture: Axes | Figure
    alt: str


def touchable(draw: Callable[..., View], **sliders: Slider) -> None:
    """Show a picture with a slider for each of its numbers.

    Args:
        draw: makes the picture from the numbers, by name.
        sliders: one for each argument of ``draw``.
    """
    from IPython.display import display

    still = bundle(*draw(**{name: slider.start for name, slider in sliders.items()}))
    display({**still, **_moving(draw, sliders, still["text/html"])}, raw=True)


def _moving(
    draw: Callable[..., View], sliders: Mapping[str, Slider], first: str
) -> Mapping[str, Any]:
    """Return the widget as Jupyter's dict of formats; {} where there are no widgets."""
    try:
        import ipywidgets
    except ImportError:
        return {}
    picture = ipywidgets.HTML(first)
    knobs = {name: _knob(ipywidgets, slider) for name, slider in sliders.items()}

    def redraw(_: object) -> None:
        values = {name: knob.value for name, knob in knobs.items()}
        picture.value = bundle(*draw(**values))["text/html"]

    for knob in knobs.values():
        knob.observe(redraw, "value")
    formats = ipywidgets.VBox([*knobs.values(), picture])._repr_mimebundle_()
    return {kind: value for kind, value in formats.items() if kind != "text/plain"}


def _knob(ipywidgets: Any, slider: Slider) -> Any:
    return ipywidgets.FloatSlider(
        value=slider.start,
        min=slider.low,
        max=slider.high,
        step=slider.step,
        description=slider.label,
        style={"description_width": "12em"},
        layout={"width": "36em"},
    )
