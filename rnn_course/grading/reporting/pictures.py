"""The report's pictures, as SVG that stands in the page itself.

Nothing is told by colour alone: bars have hatches and figures on them. Every picture has a title
and a description for those who do not see it; the page has the same numbers as a table.
"""

import io
import re
import warnings
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from rnn_course.checks.display import points, printable
from rnn_course.grading.reporting.statistics import MarksFigures, QuestionFigures

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_INK, _BLUE, _PALE, _RULE = "#1f2933", "#2b5c8a", "#a9c6e0", "#b00020"
_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and enlarged
    "text.parse_math": False,  # a title may hold a dollar sign
    "font.family": ["sans-serif"],
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": "#7b8794",
    "xtick.color": _INK,
    "ytick.color": _INK,
    "hatch.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_BINS = 20
_WIDTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 168.0)  # hours
_NAME = 24  # letters of a question's title beside its bar


def marks_picture(figures: MarksFigures, max_score: float) -> str:
    """Draw how the totals are distributed, with median and quartiles."""
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(7.2, 2.9)
        top = max(max_score, *figures.totals, 1.0)
        edges = np.linspace(0, top, min(_BINS, max(5, round(top))) + 1)
        counts, _ = np.histogram(figures.totals, edges)
        width = edges[1] - edges[0]
        some = counts > 0
        bars = axes.bar(
            edges[:-1][some], counts[some], width * 0.92, align="edge", color=_PALE, edgecolor=_BLUE
        )
        axes.bar_label(bars, padding=1)
        axes.axvline(figures.median, color=_RULE, linestyle="--", linewidth=1.4)
        axes.annotate(
            f"median {points(figures.median)}",
            (figures.median, 1.0),
            (4 if figures.median < top * 0.8 else -4, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color=_RULE,
            ha="left" if figures.median < top * 0.8 else "right",
        )
        axes.set(xlabel=f"Total marks, of {points(max_score)}", ylabel="Students", xlim=(0, top))
        axes.set_ylim(0, max(counts) * 1.15)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        described = (
            f"Histogram of the total marks of {len(figures.totals)} students, from "
            f"{points(min(figures.totals))} to {points(max(figures.totals))}; "
            f"the median is {points(figures.median)}, half of the class lies between "
            f"{points(figures.lower)} and {points(figures.upper)}."
        )
        return _svg(figure, "marks", "Distribution of marks", described)


def questions_picture(figures: Sequence[QuestionFigures]) -> str:
    """Draw for every question that is marked how many have all, some and none of its points."""
    shown = [one for one in figures if one.marked and not one.pending]
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(7.2, 0.9 + 0.34 * len(shown))
        kinds = (
            ("all points", [one.full for one in shown], _BLUE, "", "white"),
            ("some points", [one.partly for one in shown], _PALE, "//", _INK),
            ("no points", [one.none for one in shown], "white", "..", _INK),
        )
        marked = np.array([one.marked for one in shown], dtype=float)
        left = np.zeros(len(shown))
        for label, numbers, colour, hatch, ink in kinds:
            share = np.array(numbers) / marked
            bars = axes.barh(
                range(len(shown)), share, 0.72, left, label=label, color=colour, hatch=hatch,
                edgecolor=_BLUE,
            )  # fmt: skip
            texts = [
                str(number) if part > 0.04 else ""
                for number, part in zip(numbers, share, strict=True)
            ]
            for text in axes.bar_label(bars, texts, label_type="center", color=ink):
                if hatch:
                    text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.2})
            left += share
        axes.set_yticks(range(len(shown)), [_short(one.question.title) for one in shown])
        axes.invert_yaxis()
        axes.set_xlim(0, 1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
        axes.set_xlabel("Share of the class; the figures are students")
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, handlelength=2.2
        )
        described = "Bars, one a question: " + "; ".join(
            f"{one.question.title}: {one.full} all, {one.partly} some, {one.none} none"
            for one in shown
        )
        return _svg(figure, "questions", "All, some and no points by question", described + ".")


def times_picture(ahead: Sequence[timedelta]) -> str:
    """Draw how long before the deadline the class handed in."""
    hours = np.array([-one.total_seconds() / 3600 for one in ahead])
    late = int((hours > 0).sum())
    edges, unit = _time_edges(float(hours.min()), float(hours.max()))
    with mpl.rc_context(_STYLE):
        figure, axes = _figure(7.2, 2.4)
        for side, colour, hatch in ((hours <= 0, _PALE, ""), (hours > 0, "white", "xx")):
            counts, _ = np.histogram(hours[side], edges)
            axes.bar(
                edges[:-1][counts > 0] / unit, counts[counts > 0],
                (edges[1] - edges[0]) / unit * 0.92, align="edge", color=colour,
                edgecolor=_BLUE, hatch=hatch,
            )  # fmt: skip
        axes.set_xlim(edges[0] / unit, edges[-1] / unit)
        axes.axvline(0, color=_RULE, linestyle="--", linewidth=1.4)
        axes.annotate(
            "deadline", (0, 1.0), (-4, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", color=_RULE, ha="right",
        )  # fmt: skip
        name = "Days" if unit > 1 else "Hours"
        axes.set(xlabel=f"{name} from the deadline (hatched: late)", ylabel="Students")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        described = (
            f"Histogram of hand-in times of {len(hours)} students; {late} came after the deadline."
        )
        return _svg(figure, "times", "Hand-in times", described)


def _time_edges(first: float, last: float) -> tuple[np.ndarray, float]:
    """Choose bars of one width of which none lies on both sides of the deadline.

    Returns:
        Edges in hours, and how many hours the axis calls one.
    """
    width = next((w for w in _WIDTHS if (max(last, 0.0) - min(first, 0.0)) / w <= _BINS), None)
    width = width or (last - first) / _BINS
    low, high = np.floor(min(first, 0.0) / width), np.ceil(max(last, 0.0) / width)
    return np.arange(min(low, -1), max(high, 1) + 1) * width, 24.0 if width >= 6 else 1.0


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def _short(title: str) -> str:
    title = printable(title)
    return title if len(title) <= _NAME else f"{title[: _NAME - 1]}…"


def _svg(figure: Figure, name: str, title: str, described: str) -> str:
    """Return a figure as an element for a page, with ids that no other picture has."""
    buffer = io.BytesIO()
    # what our font lacks, the reader's may have: letters stay letters
    with (
        mpl.rc_context({**_STYLE, "svg.hashsalt": name}),
        warnings.catch_warnings(action="ignore", category=UserWarning),
    ):
        figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    root = ElementTree.fromstring(buffer.getvalue())
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    for element in root.iter():
        _own_ids(element, name)
    for tag, text in (("desc", described), ("title", title)):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", id=f"{name}-{tag}")
        element.text = printable(text)
        root.insert(0, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    return ElementTree.tostring(root, encoding="unicode")


def _own_ids(element: ElementTree.Element, name: str) -> None:
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key == f"{{{_XLINK}}}href" and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, re.sub(r"url\(#", f"url(#{name}-", value))
