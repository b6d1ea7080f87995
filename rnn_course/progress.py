"""One kind of progress bar, in terminals and in notebooks."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tqdm.auto import tqdm


def progress_bar(iterable: Iterable[Any] | None = None, **settings: Any) -> "tqdm":
    """Make a tqdm bar that is drawn twice a second at most.

    In a notebook each drawing is two messages and more. A kernel drops its messages once 2000 of
    them wait unread, and with them the end of a cell: half a minute of training in coursework 1
    sent that many, with bars drawn ten times a second and at every validation.

    Args:
        iterable: what to go through; without it, the caller updates the bar.
        settings: tqdm's own arguments.
    """
    from tqdm.auto import tqdm  # 0.1 s, and nothing for those who show no bar

    return tqdm(iterable, mininterval=0.5, **settings)
