"""A picture with sliders, which is a plain picture wherever sliders do not work."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rnn_course.errors import CourseError
from rnn_course.plotting.showing import Live, Picture


def touch(
    draw: Callable[..., Picture],
    *,
    start: Mapping[str, Any],
    **choices: Sequence[Any],
) -> None:
    """Show a picture, and a slider for each thing about it that can be chosen.

    The first picture is an image like any other, and it is this image that a slider replaces: it
    is all there is on paper, without JavaScript, or where ipywidgets is not installed.

    Args:
        draw: called with a value for each name, as ``draw(temperature=0.5)``; returns a picture
            that describes itself, see `describe`.
        start: what is drawn first.
        choices: for each name the values that the slider goes through, in order.

    Raises:
        CourseError: something to start from is missing, or is not among the values.

    >>> touch(draw, start={"k": 1}, k=[1, 2, 3])  # doctest: +SKIP
    """
    wrong = [name for name, values in choices.items() if start.get(name) not in values]
    if wrong or start.keys() != choices.keys():
        raise CourseError(
            f"a start among the values of {', '.join(choices)}",
            f"start={dict(start)}",
            "Name each of them once in start, with one of its values.",
        )
    live, now = Live(), dict(start)
    live(draw(**now))
    sliders = _sliders(now, choices)
    for name, slider in sliders.items():

        def moved(change: Mapping[str, Any], name: str = name) -> None:
            now[name] = change["new"]
            live(draw(**now))

        slider.observe(moved, names="value")
    if sliders:
        from IPython.display import display

        for slider in sliders.values():
            display(slider)


def _sliders(start: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return a slider by name; none where ipywidgets is not installed."""
    try:
        from ipywidgets import Layout, SelectionSlider
    except ImportError:
        return {}
    return {
        name: SelectionSlider(
            options=list(values),
            value=start[name],
            description=name.replace("_", " "),
            continuous_update=False,
            style={"description_width": "initial"},
            layout=Layout(width="32em", max_width="100%"),
        )
        for name, values in choices.items()
    }
