import pytest

from rnn_course.grading.protocol.limits import KINDS, MIB, Limits, recognise_limit

LIMITS = Limits(
    cell_seconds=7,
    submission_seconds=70,
    memory_bytes=11 * MIB,
    processes=13,
    open_files=17,
    disk_bytes=19 * MIB,
    output_bytes=23 * MIB,
    observation_bytes=29 * MIB,
)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("cell", "stopped after 7 seconds"),
        ("submission", "stopped after 70 seconds"),
        ("memory", "more than 11 MiB of memory"),
        ("processes", "more than 13 processes"),
        ("files", "more than 17 files"),
        ("disk", "more than 19 MiB"),
        ("output", "more than 23 MiB"),
        ("observation", "larger than 29 MiB"),
        ("crashed", "The Python process ended"),
        ("tampered", "were malformed"),
    ],
)
def test_every_limit_has_its_own_message_with_its_number(kind: str, said: str) -> None:
    assert said in LIMITS.message(kind)


def test_no_limit_is_without_a_message() -> None:
    assert len({LIMITS.message(kind) for kind in KINDS}) == len(KINDS) == 10


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [
        ("memory", "MemoryError", ""),
        ("memory", "RuntimeError", "DefaultCPUAllocator: can't allocate memory: you tried"),
        ("processes", "RuntimeError", "can't start new thread"),
        ("processes", "BlockingIOError", "[Errno 11] Resource temporarily unavailable"),
        ("files", "OSError", "[Errno 24] Too many open files: 'x'"),
        ("disk", "OSError", "[Errno 28] No space left on device"),
        ("disk", "OSError", "[Errno 27] File too large"),
        (None, "ValueError", "shapes do not match"),
    ],
)
def test_an_exception_is_traced_back_to_its_limit(kind: str | None, error: str, text: str) -> None:
    assert recognise_limit(error, text) == kind
