"""The one way to download: pooch checks and stores, this module resumes and explains.

pooch writes to a temporary file and deletes it when the connection breaks. For a file of
gigabytes on a student's line that never ends, so `ResumingDownloader` keeps what has come in a
``.part`` file and asks the server for the rest (HTTP ``Range``).
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pooch
import requests

from rnn_course.data.cache import cache_dir
from rnn_course.errors import DownloadError
from rnn_course.progress import progress_bar

_ATTEMPTS = 4  # per mirror; each goes on where the one before broke off
_TIMEOUT = 30  # seconds without a byte
_CHUNK = 1 << 14  # bytes: a break loses the chunk it happens in


def fetch(name: str, *, urls: Sequence[str], sha256: str) -> Path:
    """Return a file from the cache; download it first if it is not there, with a progress bar.

    Args:
        name: the file's name in the cache.
        urls: mirrors of the same file, tried in order.
        sha256: of the whole file, hexadecimal.

    Returns:
        The file, whose checksum is right.

    Raises:
        DownloadError: no mirror gave the file. What came of it stays for the next call.
    """
    folder = cache_dir() / "downloads"
    problems = []
    for url in urls:
        downloader = ResumingDownloader(folder / f"{name}.part")
        problem = _try_mirror(url, folder / name, sha256, downloader)
        if problem is None:
            return folder / name
        problems.append(f"{url}: {problem}")
    raise DownloadError(
        f"{name} with sha256 {sha256[:12]}…",
        "; ".join(problems),
        f"Run it again: it goes on where it stopped. Or put the file at {folder / name} yourself.",
    )


def _try_mirror(
    url: str, target: Path, sha256: str, downloader: "ResumingDownloader"
) -> str | None:
    """Download from one mirror; return None when done, or what is wrong."""
    problem = ""
    for _ in range(_ATTEMPTS):
        try:
            pooch.retrieve(url, f"sha256:{sha256}", target.name, target.parent, None, downloader)
        except requests.HTTPError as error:  # the server has answered: asking again is no use
            return str(error)
        except requests.RequestException as error:
            problem = f"the connection failed ({error})"
        except OSError as error:
            return f"it cannot be written ({error})"
        except ValueError:  # pooch: wrong checksum
            problem = "the file that came has another checksum"
            if not downloader.resumed:
                return problem
        else:
            return None
    return problem


class ResumingDownloader:
    """A pooch downloader that goes on where the last one stopped.

    Args:
        part: keeps what has come so far.

    Attributes:
        resumed: whether the last call started from bytes of an earlier one.
    """

    def __init__(self, part: Path) -> None:
        self.part, self.resumed = part, False

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        """Download ``url`` to ``output_file``; pooch calls this.

        Raises:
            requests.RequestException: no connection, a refusal, or a break.
        """
        have = self.part.stat().st_size if self.part.is_file() else 0
        headers = {"Accept-Encoding": "identity"}  # offsets count the bytes of the file itself
        if have:
            headers["Range"] = f"bytes={have}-"
        with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
            self.resumed = have > 0 and _starts_at(response, have)
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                # nothing after what we have: it is the whole file, or its checksum will say no
                self.resumed = True
            else:
                response.raise_for_status()
                self._write(response, have if self.resumed else 0)
        self.part.replace(output_file)

    def _write(self, response: requests.Response, have: int) -> None:
        size = response.headers.get("Content-Length")
        with (
            self.part.open("ab" if have else "wb") as file,
            progress_bar(
                desc=self.part.stem,
                total=have + int(size) if size else None,
                initial=have,
                unit="B",
                unit_scale=True,
                unit_divisor=1024,
            ) as bar,
        ):
            for chunk in response.iter_content(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))


def _starts_at(response: requests.Response, offset: int) -> bool:
    """Say whether the server sends the rest from ``offset`` (it may send everything instead)."""
    sent = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status_code == requests.codes.partial_content and (
        sent is not None and int(sent[1]) == offset
    )
