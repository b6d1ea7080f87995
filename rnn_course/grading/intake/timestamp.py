"""When something was handed in, as nbgrader's timestamp.txt says it, or anybody else."""

import os
import re
import stat
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil import parser, tz

FILE = "timestamp.txt"
_MOST = 200  # bytes
_PLACE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z_+-]+)+")
_GERMAN_DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"
_GERMAN_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
)
_DAYS = (datetime(2000, 1, 1), datetime(2004, 2, 2))


def _also(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*names, name)


class _Words(parser.parserinfo):
    """The names of days and months, in English and in German."""

    WEEKDAYS = tuple(map(_also, parser.parserinfo.WEEKDAYS, _GERMAN_DAYS.split()))
    MONTHS = tuple(map(_also, parser.parserinfo.MONTHS, _GERMAN_MONTHS.split()))
    JUMP = (*parser.parserinfo.JUMP, "um", "Uhr")


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """Read when a submission was handed in.

    A student may have put that file into an archive, so that anything can be in its place.

    Returns:
        The time, in UTC and without a zone, as nbgrader keeps it; None where there is none. And
        a sentence where there is a file and no time in it, else "".
    """
    try:
        # O_NONBLOCK: opening a pipe that nobody writes to would wait for ever
        handle = os.open(folder / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    except OSError as error:
        return None, _said(f"cannot be read ({error.strerror})")
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None, _said("is not a plain file")
        text = os.read(handle, _MOST).decode(errors="replace").strip()
    finally:
        os.close(handle)
    if not text:
        return None, ""
    try:
        return parsed_time(text, zone=UTC).replace(tzinfo=None), ""
    except ValueError:
        return None, _said(f"says {text[:60]!a}, which is no time")


def parsed_time(text: str, zone: tzinfo | None = None) -> datetime:
    """Return the time that a text means, in UTC.

    Args:
        text: such as ``2026-11-20 23:59:00 Europe/Berlin`` or ``20 November 2026, 11:59 PM``.
        zone: where it is meant if it does not say; as this machine's clock if None.

    Raises:
        ValueError: it means none, or leaves the day open.
    """
    words = text.split()
    named = _zone(words.pop()) if _PLACE.fullmatch((words or [""])[-1]) else None
    try:
        # a date that leaves something open would be filled up from today
        found, other = (
            parser.parse(" ".join(words), _Words(), default=day, tzinfos=_zone) for day in _DAYS
        )
        if found != other:
            raise ValueError("the day is not said")
        if found.tzinfo is None:
            found = found.replace(tzinfo=named or zone or tz.tzlocal())
        return found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError) as error:
        raise ValueError(f"{text[:60]!a} is no time") from error


def _zone(name: str | None, offset: int | None = None) -> tzinfo | None:
    """Return a time zone; None where nobody knows it, as nbgrader does."""
    if offset is not None:
        return tz.tzoffset(name, offset)
    return tz.gettz(name) if name else None


def _said(what: str) -> str:
    return f"{FILE} {what}: nobody knows when this was handed in, and nothing is taken off for it."
