"""How a submission's kernels are started."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rnn_course.grading.confined import ConfinedKernel
from rnn_course.grading.limits import Limits
from rnn_course.grading.wall import shared_wall


@contextmanager
def launcher(
    files: Mapping[str, bytes], limits: Limits, *, trust: bool = False, gpu: bool = False
) -> Iterator[tuple[Callable[[], ConfinedKernel], str]]:
    """Yield what starts a kernel for a submission, and a few words on what confines it.

    Args:
        files: the submission's files, by relative path.
        limits: what it may use.
        trust: no wall.
        gpu: let it use the GPU.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    wall = shared_wall(trust=trust, gpu=gpu)
    if not trust:
        yield (
            lambda: ConfinedKernel(wall.start_kernel(limits, files), limits),
            "bubblewrap, landlock, seccomp",
        )
        return
    with tempfile.TemporaryDirectory(prefix="rnn-course-") as folder:
        for name, content in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield (
            lambda: ConfinedKernel(wall.start_kernel(limits, folder=folder), limits),
            "none: submissions were trusted",
        )
