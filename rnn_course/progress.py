"""One kind of progress bar, in terminals and in notebooks."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm.std import tqdm


def progress_bar(iterable: Iterable[Any] | None = None, **settings: Any) -> "tqdm":
    """Make a tqdm bar that is drawn twice a second at most.

    In a notebook each drawing is a message and more. A kernel drops its messages once 2000 of them
    wait unread, and with them the end of a cell: half a minute of training in coursework 1 sent
    that many, with bars drawn ten times a second and at every validation.

    tqdm's own bar for notebooks is a widget, and a widget is gone when the notebook is opened
    again: what is left of it says "0%", once for each bar. So a notebook gets the bar as text, in
    one place below the cell, which is emptied at the end unless ``leave=True``.

    Args:
        iterable: what to go through; without it, the caller updates the bar.
        settings: tqdm's own arguments.
    """
    from tqdm.std import tqdm  # 0.1 s, and nothing for those who show no bar

    if not _in_notebook():
        return tqdm(iterable, mininterval=0.5, **settings)

    class Bar(tqdm):  # a class of its own, since tqdm is imported late
        @staticmethod
        def status_printer(file: Any) -> Callable[[str], None]:
            return _place()

    settings = {"ncols": 88, "file": io.StringIO(), **settings}
    return Bar(iterable, mininterval=0.5, **settings)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def _place() -> Callable[[str], None]:
    """Return what writes a text in one place below the cell, again and again."""
    from IPython.display import display

    handle = display({"text/plain": ""}, raw=True, display_id=True)
    return lambda text: handle.update({"text/plain": text}, raw=True)
