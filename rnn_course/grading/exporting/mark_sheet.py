"""A mark sheet as a learning management system wrote it: read, filled in, written the same way.

Encoding, byte-order mark, separator, line ends and every cell that is not ours stay as they came,
because the system that wrote the sheet will read it again.
"""

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from rnn_course.errors import GradingError

_QUOTED = re.compile(r'"[^"]*"')
_SEPARATORS = ",;\t"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_AGAIN = "Download the sheet again and hand it over as it came."


@dataclass
class MarkSheet:
    """A sheet in memory; only what is put into `rows` changes.

    Attributes:
        rows: the cells below the header, each row as long as it came.
    """

    path: Path
    encoding: str
    separator: str
    line_end: str
    quoted: bool
    header: list[str]
    rows: list[list[str]]

    @classmethod
    def read(cls, path: Path) -> "MarkSheet":
        """Read a sheet.

        Raises:
            GradingError: there is no such file, or it is no table.
        """
        if not path.is_file():
            raise GradingError(f"a mark sheet {path}", "no such file", "Check the path.")
        text, encoding = _decoded(path)
        first = text.partition("\n")[0]
        separator = max(_SEPARATORS, key=_QUOTED.sub("", first).count)
        try:
            header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        except (csv.Error, ValueError):
            header, rows = [], []
        if len(header) < 2 or "\0" in text:
            raise GradingError(
                f"a mark sheet with a header and columns in {path}", repr(text[:60]), _AGAIN
            )
        # of the header: a comment further down may have line ends of its own
        line_end = "\r\n" if first.endswith("\r") else "\n"
        quoted = all(cell.startswith('"') for cell in first.split(separator))
        return cls(path, encoding, separator, line_end, quoted, header, rows)

    def column(self, names: Collection[str]) -> int | None:
        """Return the place of the first column that has one of these names, None without any."""
        wanted = {_plain(name) for name in names}
        return next((i for i, name in enumerate(self.header) if _plain(name) in wanted), None)

    def cell(self, row: Sequence[str], column: int | None) -> str:
        """Return a cell's text, "" where the row or the sheet has none."""
        return row[column].strip() if column is not None and column < len(row) else ""

    def fill(self, row: list[str], column: int, text: str) -> None:
        """Put a text into a cell; a row that ends before it grows."""
        row += [""] * (column + 1 - len(row))
        row[column] = text

    def content(self) -> bytes:
        """Return the sheet as bytes, written as it came."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(
            buffer,
            delimiter=self.separator,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        )
        writer.writerows([self.header, *self.rows])
        return buffer.getvalue().encode(self.encoding, errors="xmlcharrefreplace")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _decoded(path: Path) -> tuple[str, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GradingError(
            f"to read the mark sheet {path}", error.strerror or str(error), "Change its rights."
        ) from error
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    for encoding in filter(None, (marked, "utf-8", "cp1252")):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise GradingError(f"a mark sheet as text in {path}", "bytes of no known encoding", _AGAIN)


def number(points: float, comma: bool = False) -> str:
    """Write points with at most two decimals: 3, 2.5, or 2,5 where that is the custom."""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def read_number(text: str) -> float | None:
    """Read points written either way, 100.00 or 100,00; None where it is no number."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def scale_factor(worth: float, max_score: float, name: str, *, scale: bool) -> float:
    """Return what marks are multiplied with for a sheet that says what is the most.

    Args:
        worth: the most, in the sheet.
        max_score: the most, of the coursework.
        name: of the sheet or its column, for errors.
        scale: whether marks may be scaled.

    Raises:
        GradingError: the most is another, and nobody said that marks are to be scaled.
    """
    if abs(worth - max_score) < 0.005:
        return 1.0
    if not scale or worth <= 0 or max_score <= 0:
        raise GradingError(
            f"{name!r} to be worth {number(max_score)} points, as the coursework is",
            number(worth),
            f"Set it to {number(max_score)} there and download the sheet again, "
            "or let marks be scaled with --scale.",
        )
    return worth / max_score
