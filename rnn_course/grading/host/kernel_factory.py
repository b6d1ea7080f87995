"""How a submission's kernels are started."""

from collections.abc import Callable, Mapping

from rnn_course.grading.host.kernel_client import ConfinedKernel
from rnn_course.grading.host.shared_fork_server import warm_parent
from rnn_course.grading.protocol.limits import Limits


def launcher(
    files: Mapping[str, bytes], limits: Limits, *, trust: bool = False, gpu: bool = False
) -> tuple[Callable[[], ConfinedKernel], str]:
    """Return what starts a kernel for a submission, and a few words on what confines it.

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
    return lambda: ConfinedKernel(parent.start_kernel(limits, files), limits), what
