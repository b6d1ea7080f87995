"""Where audits print."""

from rich.console import Console

_WIDE = 120


def wide_console() -> Console:
    """Return what prints on a terminal as wide as it is; into a file or a log, wide enough."""
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    return console
