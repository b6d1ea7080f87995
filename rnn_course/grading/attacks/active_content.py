"""Tells what a browser would execute in a page, for attacks that carry a mark."""

from html.parser import HTMLParser


def executes(page: str, mark: str) -> bool:
    """Tell whether a browser would execute something in a page that carries a mark."""
    reader = _Reader(mark)
    reader.feed(page)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark, self._in_script, self.found = mark, False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        for name, value in attrs:
            active = name.startswith("on") or name == "srcdoc" or "javascript:" in (value or "")
            self.found |= active and self._mark in (value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        self.found |= self._in_script and self._mark in data
