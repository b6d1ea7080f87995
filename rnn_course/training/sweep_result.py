"""What a sweep found: points, rows, a table as text or CSV."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rnn_course.errors import TrainingError

_LONGEST_CELL = 48


@dataclass(frozen=True)
class SweepPoint:
    """One combination of settings and what came of it.

    Args:
        setting: value of each setting.
        result: what the run returned, by name; empty if it failed.
        error: the error's type and text, or None.
        seconds: duration by the wall clock.
    """

    setting: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str | None
    seconds: float


@dataclass(frozen=True, repr=False)
class SweepResult:
    """All points of a sweep, in the grid's order. Printing it shows a table."""

    points: tuple[SweepPoint, ...]

    @property
    def failures(self) -> tuple[SweepPoint, ...]:
        """The points whose run raised an error."""
        return tuple(point for point in self.points if point.error is not None)

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dict for each point: its setting, its result, seconds and error.

        All rows have the same keys; what a point does not have is None.
        """
        rows = [
            {**p.setting, **p.result, "seconds": p.seconds, "error": p.error} for p in self.points
        ]
        parts = [part for p in self.points for part in (p.setting, p.result)]
        settings_first = [name for part in parts[::2] + parts[1::2] for name in part]
        names = dict.fromkeys([*settings_first, "seconds", "error"])
        return [{name: row.get(name) for name in names} for row in rows]

    def best(self, name: str, *, largest: bool = False) -> SweepPoint:
        """Return the point whose result of that name is smallest (or largest) and finite.

        Raises:
            TrainingError: no point has a finite number of that name.
        """
        known = [point for point in self.points if is_finite(point.result.get(name))]
        if not known:
            names = sorted({name for point in self.points for name in point.result})
            raise TrainingError(
                f"a finite number called {name!r} in at least one result",
                f"results called {names}, {len(self.failures)} of {len(self.points)} points failed",
                "Take one of those names, or look at .failures.",
            )
        return (max if largest else min)(known, key=lambda point: point.result[name])

    def to_csv(self, path: str | Path) -> None:
        """Write the rows to a CSV file with a header; folders on the way are made."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = self.rows()
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0] if rows else [])
            writer.writeheader()
            writer.writerows(rows)

    def __repr__(self) -> str:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        rows = self.rows()
        if not any(row["error"] for row in rows):
            rows = [{name: row[name] for name in row if name != "error"} for row in rows]
        table = Table(*(rows[0] if rows else []), box=box.SIMPLE)
        for row in rows:
            # As Text, since an error's square brackets are not rich's markup.
            table.add_row(*(Text(_cell(value)) for value in row.values()))
        page = StringIO()
        console = Console(file=page, width=250, color_system=None, force_jupyter=False)
        console.print(table)
        lines = (line.rstrip() for line in page.getvalue().splitlines())
        return "\n".join(line for line in lines if line)


def is_finite(value: object) -> bool:
    """Return whether a result is a number that can be compared and drawn."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return math.isfinite(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = " ".join((f"{value:.4g}" if isinstance(value, float) else str(value)).split())
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
