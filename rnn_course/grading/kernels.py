"""How a submission's kernels are started."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rnn_course.grading.confined import ConfinedKernel
from rnn_course.grading.door import warm_parent
from rnn_course.grading.limits import Limits


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
    parent = warm_parent(trust=trust, gpu=gpu)
    what = "none: submissions were trusted" if trust else "bubblewrap, landlock, seccomp"
    yield lambda: ConfinedKernel(parent.start_kernel(limits, files), limits), what
