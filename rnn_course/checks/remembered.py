"""Keeps recordings of the public seed on disk, since making one takes seconds.

Only those: a student's code behind the wall may read the cache, and a recording of the public seed
is what every student gets anyway. One of a secret seed is made anew by each run.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from rnn_course.checks.recording import Recording, as_data, from_data
from rnn_course.checks.wire import decode, encode
from rnn_course.data.cache import atomic_file, cache_dir
from rnn_course.errors import CheckError, ObservationError

PUBLIC_SEED = 20_241


def remembered(about: object, seed: int, make: Callable[[], Recording]) -> Recording:
    """Return a recording: the one that is kept, or a new one.

    Args:
        about: all that a recording depends on, but for the engine and the seed.
        seed: of the cases.
        make: makes it.
    """
    if seed != PUBLIC_SEED:
        return make()
    name = hashlib.sha256(repr((about, _engine())).encode()).hexdigest()[:32]
    path = cache_dir() / "recordings" / name
    with suppress(OSError, CheckError, ObservationError):
        return from_data(decode(path.read_bytes()))
    recording = make()
    with suppress(OSError), atomic_file(path) as new:  # where the folder can be written to
        new.write_bytes(encode(as_data(recording)))
    return recording


@cache
def _engine() -> str:
    """Return a digest of the package: where it changes, recordings may."""
    found = hashlib.sha256()
    package = Path(__file__).parents[1]
    for path in sorted([*package.glob("checks/*.py"), *package.glob("courseworks/**/*.py")]):
        found.update(path.read_bytes())
    return found.hexdigest()
