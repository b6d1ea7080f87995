"""Where audits print."""

from rich.console import Console

_WIDE = 120


def wide(console: Console | None = None) -> Console:
    """Return what prints on a terminal as wide as it is; into a file or a log, wide enough."""
    console = console or Console()
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    return console
