"""Says what protection this machine can give, and how to get what is missing."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rnn_course.errors import ConfinementError, CourseError, StartTimeoutError
from rnn_course.grading.host import bubblewrap, memory_bound
from rnn_course.grading.host.cgroups import parent_group
from rnn_course.grading.host.patience import busy, scaled
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.protocol.sandbox_layout import SOCKETS

_NEEDED_ABI = 3  # the first Landlock that also guards truncation of files
_NAMESPACES = (
    "Allow unprivileged user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1` (Debian), "
    "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu from 24.04), "
    "`sysctl -w user.max_user_namespaces=10000`; in Docker start the container with "
    "`--security-opt seccomp=unconfined --security-opt systempaths=unconfined`."
)

_LESS_TO_DO = "That is no sign of anything missing: run this again when the machine has less to do."

_NAMESPACES_PROGRAM = """
import os
from rnn_course.grading.protocol.limits import Limits
from rnn_course.grading.sandbox import confinement
if {root}:
    confinement.become_nobody()
user = os.geteuid(), os.getegid()
child = confinement.fork_into_namespaces()
if child == 0:
    confinement.become_student(*user)
    confinement.mount_private_folders(Limits())
    os._exit(0)
os._exit(os.waitpid(child, 0)[1] != 0)
"""


@dataclass(frozen=True)
class Requirement:
    """One thing that the wall needs.

    Attributes:
        what: its name.
        ok: whether it is there.
        detail: what was found.
        remedy: how to get it, "" where it is there.
        slow: it may be there, and this machine was too busy to tell.
    """

    what: str
    ok: bool
    detail: str
    remedy: str = ""
    slow: bool = False

    def text(self) -> str:
        """Return what was found as a line, and the remedy as another where one is needed."""
        word = "ok     " if self.ok else "SLOW   " if self.slow else "MISSING"
        return f"{word} {self.what}: {self.detail}" + (
            "" if self.ok else f"\n        {self.remedy}"
        )


def diagnose(*, thorough: bool = True) -> list[Requirement]:
    """Try everything that the wall is made of, each on its own.

    Args:
        thorough: also start a confined kernel and let it try to leave (about ten seconds).
    """
    probes = [_system, _bubblewrap, _worlds, _landlock, _seccomp, _memory]
    needed = []
    for probe in [*probes, _kernel] if thorough else probes:
        needed.append(_safely(probe))
        if probe is _system and not needed[-1].ok:
            break
    return needed


def require_confinement() -> None:
    """Refuse to go on where student code cannot be confined.

    Raises:
        ConfinementError: something is missing; says what, and how to get it.
        StartTimeoutError: this machine was too busy to tell.
    """
    for need in diagnose(thorough=False):
        if not need.ok:
            kind = StartTimeoutError if need.slow else ConfinementError
            raise kind(need.what, need.detail, need.remedy)


def _safely(probe: Callable[[], Requirement]) -> Requirement:
    try:
        return probe()
    except (StartTimeoutError, subprocess.TimeoutExpired) as error:
        took = getattr(error, "came", f"a time-out, and {busy()}")
        return Requirement(_name(probe), False, took, _LESS_TO_DO, slow=True)
    except CourseError as error:
        return Requirement(error.expected, False, error.came, error.fix)
    except (OSError, ImportError, RuntimeError) as error:
        said = f"{type(error).__name__}: {error}"
        return Requirement(_name(probe), False, said, _REMEDIES[probe.__name__])


def _name(probe: Callable[[], Requirement]) -> str:
    return (probe.__doc__ or "").strip().rstrip(".")


def _system() -> Requirement:
    """Linux."""
    remedy = "Grade on Linux, or with `--trust-submissions` and no protection at all."
    return Requirement("Linux", sys.platform == "linux", sys.platform, remedy)


def _bubblewrap() -> Requirement:
    """A sandbox made by bubblewrap."""
    done = _inside(["/usr/bin/env", "true"])
    said = done.stderr.decode(errors="replace").strip()[-300:]
    ok = done.returncode == 0
    what, remedy = "a sandbox made by bubblewrap", "" if ok else _NAMESPACES
    return Requirement(what, ok, bubblewrap.find_bwrap() if ok else said, remedy)


def _worlds() -> Requirement:
    """Namespaces of its own for each submission."""
    program = _NAMESPACES_PROGRAM.format(root=bubblewrap.is_root())
    done = _inside(bubblewrap.python("-c", program))
    ok = done.returncode == 0
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    what = "namespaces and a scratch folder for each submission"
    return Requirement(what, ok, "they can be nested" if ok else said, "" if ok else _NAMESPACES)


def _landlock() -> Requirement:
    """Landlock."""
    from landlock import landlock_abi_version

    abi = landlock_abi_version()
    ok = abi >= _NEEDED_ABI
    return Requirement("Landlock", ok, f"ABI {abi}", "" if ok else _REMEDIES["_landlock"])


def _seccomp() -> Requirement:
    """seccomp with libseccomp."""
    from rnn_course.grading.sandbox.syscalls import ALLOWED, PARTLY, build_filter

    build_filter()
    partly = len({name for name, _ in PARTLY})
    detail = f"{len(ALLOWED)} system calls are allowed, {partly} more for some arguments"
    return Requirement("seccomp with libseccomp", True, detail)


def _memory() -> Requirement:
    """Bounded memory."""
    return Requirement("memory", True, memory_bound.describe(Limits(), parent_group()))


def _kernel() -> Requirement:
    """A confined kernel."""
    from rnn_course.grading.host.kernel_client import running_kernel

    attempt = "import os, socket\nos.listdir('/')\nsocket.socket()"
    with running_kernel() as kernel:
        done = kernel.run(attempt)
    ok = done.status == "error" and done.error is not None and done.error[0] == "PermissionError"
    detail = "it starts, and cannot look around" if ok else f"it could leave: {done}"
    return Requirement("a confined kernel", ok, detail[:300], "" if ok else "Report this as a bug.")


def _inside(program: list[str]) -> subprocess.CompletedProcess:
    """Run a program behind the outer wall."""
    with tempfile.TemporaryDirectory() as folder:
        written = {SOCKETS: Path(folder)}
        words = bubblewrap.command(written, program, root=bubblewrap.is_root())
        return subprocess.run(words, capture_output=True, timeout=scaled(60), check=False)


_REMEDIES = {
    "_bubblewrap": _NAMESPACES,
    "_worlds": _NAMESPACES,
    "_landlock": (
        "Use Linux 6.2 or newer, started with `landlock` in its `lsm=` list, and "
        "`pip install landlock`."
    ),
    "_seccomp": "Install it: `apt install libseccomp2` and `pip install pyseccomp`.",
    "_kernel": "Run `rnn-course doctor` again; if it stays, report this as a bug.",
}
