"""How a submission's kernels are made."""

from collections.abc import Callable, Collection, Mapping, Sequence

from rnn_course.grading.host.kernel_client import KernelClient
from rnn_course.grading.host.shared_fork_server import find_launcher
from rnn_course.grading.protocol.limits import Limits


def kernel_factory(
    files: Mapping[str, bytes],
    limits: Limits,
    *,
    trust: bool = False,
    gpu: bool = False,
    modules: Sequence[str] = (),
) -> tuple[Callable[..., KernelClient], str]:
    """Return what makes kernels for a submission, and a few words on what confines them.

    Called with what is withheld from a kernel, or with nothing; see `checks.withheld`.

    Args:
        files: the submission's files, by relative path.
        limits: what it may use.
        trust: no wall.
        gpu: let it use the GPU.
        modules: what a new fork server imports beforehand.

    Raises:
        ConfinementError: this machine cannot confine student code.
    """
    launcher = find_launcher(trust=trust, gpu=gpu, modules=modules)
    confinement = "none: submissions were trusted" if trust else "bubblewrap, landlock, seccomp"

    def launch(without: Collection[str] = ()) -> KernelClient:
        return KernelClient(launcher.start_kernel(limits, files, without), limits)

    return launch, confinement
