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
    from tqdm.notebook import tqdm_notebook

    if not issubclass(tqdm, tqdm_notebook):
        return tqdm(iterable, mininterval=0.5, **settings)
    bar = tqdm(iterable, mininterval=0.5, display=False, **settings)
    if not bar.disable:
        _leave_no_zero_behind(bar)
    return bar


def _leave_no_zero_behind(bar: "tqdm") -> None:
    """Show a notebook's bar, and let its end be what is saved.

    A notebook saves the text that a bar had when it was shown, which is "0%", and whoever opens the
    notebook again sees that. So the output is replaced when the bar ends: by nothing if the bar
    should go, else by the same bar with its last text.
    """
    from IPython.display import display

    shown, close = display(bar.container, display_id=True), bar.close

    def close_and_replace() -> None:
        bar.close = close
        close()
        kept = bar.container._repr_mimebundle_() if bar.leave else {}
        shown.update({**kept, "text/plain": str(bar) if bar.leave else ""}, raw=True)

    bar.close = close_and_replace
