"""A bound that the operating system keeps, on a fake tree that behaves as Linux' own does."""

import errno
import os
import select
import shutil
import sys
from pathlib import Path

import pytest

from rnn_course.grading.host import doctor, fork_server_client, memory_bound
from rnn_course.grading.host.cgroups import Cgroup, Files, find_parent, group_limits, own_place
from rnn_course.grading.host.kernel_client import running_kernel
from rnn_course.grading.host.kernel_process import KernelProcess
from rnn_course.grading.protocol.limits import MIB, Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

BOTH = "cpu memory pids"


class Tree(Files):
    """A tree of groups in ordinary files, with the rules of cgroups(7) that matter here."""

    def __init__(self, root: Path, controllers: str = BOTH, *, real_root: bool = True) -> None:
        self.root, self.real_root, self.ours = root, real_root, set()
        self.written: list[tuple[str, str]] = []
        self.full: set[Path] = set()
        root.mkdir()
        self._fill(root, controllers)
        if real_root:
            (root / "cgroup.type").unlink()

    def _fill(self, group: Path, controllers: str) -> None:
        files = ["cgroup.procs", "cgroup.subtree_control", "cgroup.kill", "cgroup.type"]
        if "memory" in controllers and group != self.root:
            files += ["memory.max", "memory.oom.group", "memory.events"]
        if "pids" in controllers and group != self.root:
            files.append("pids.max")
        for name in files:
            (group / name).write_text("")
        (group / "cgroup.controllers").write_text(controllers)

    def make(self, group: Path) -> None:
        super().make(group)
        self._fill(group, (group.parent / "cgroup.subtree_control").read_text())

    def remove(self, group: Path) -> None:
        if self.processes(group):
            raise OSError(errno.EBUSY, "busy")
        shutil.rmtree(group)

    def processes(self, group: Path) -> list[str]:
        return (group / "cgroup.procs").read_text().split()

    def write(self, file: Path, text: str) -> None:
        group = file.parent
        self.written.append((str(file.relative_to(self.root)), text))
        if file.name == "cgroup.subtree_control":
            if self.processes(group) and not (group == self.root and self.real_root):
                raise OSError(errno.EBUSY, "has processes")
            text = text.replace("+", "")
        if file.name == "cgroup.procs":
            for other in self.root.rglob("cgroup.procs"):
                left = [number for number in other.read_text().split() if number != text]
                other.write_text(" ".join(left))
            text = " ".join([*self.processes(group), text])
        if file.name == "cgroup.kill":
            (group / "cgroup.procs").write_text("")
            return
        super().write(file, " " * 200 + "\n")  # which never makes a file
        file.write_text(text)

    def delegated(self, group: Path) -> bool:
        return group in self.ours


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """What root sees on a machine with systemd."""
    return Tree(tmp_path / "cgroup")


def scope(tree: Tree, name: str, *processes: int, delegated: bool) -> Path:
    """Make a group with processes, as systemd does."""
    tree.write(tree.root / "cgroup.subtree_control", "+memory +pids")
    group = tree.root / name
    tree.make(group)
    for process in processes:
        tree.write(group / "cgroup.procs", str(process))
    if delegated:
        tree.ours.add(group)
    tree.written.clear()
    return group


def left(tree: Tree) -> list[str]:
    return sorted(
        str(path.relative_to(tree.root)) for path in tree.root.rglob("*") if path.is_dir()
    )


def test_root_s_groups_lie_below_the_root_where_its_own_is_not_to_be_touched(tree: Tree) -> None:
    session = scope(tree, "session", 7, delegated=False)
    assert find_parent(tree.root, "/session", tree) == tree.root
    assert tree.processes(session) == ["7"]
    assert left(tree) == ["session"]


def test_a_delegated_scope_is_arranged_and_its_processes_go_beside(tree: Tree) -> None:
    ours = scope(tree, "run.scope", 7, 8, delegated=True)
    assert find_parent(tree.root, "/run.scope", tree) == ours
    assert tree.processes(ours) == []
    assert tree.processes(ours / "rnn-course-judge") == ["7", "8"]
    # whoever was moved, and what it starts later, finds the same
    assert find_parent(tree.root, "/run.scope/rnn-course-judge", tree) == ours
    assert left(tree) == ["run.scope", "run.scope/rnn-course-judge"]


def test_a_container_s_own_tree_is_arranged(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "cgroup", real_root=False)
    tree.write(tree.root / "cgroup.procs", "1")
    assert find_parent(tree.root, "/", tree) == tree.root
    assert tree.processes(tree.root / "rnn-course-judge") == ["1"]


@pytest.mark.parametrize("controllers", ["", "hugetlb", "cpu memory", "pids"])
def test_without_both_controllers_there_is_none(tmp_path: Path, controllers: str) -> None:
    tree = Tree(tmp_path / "cgroup", controllers)
    assert find_parent(tree.root, "/", tree) is None
    assert tree.written == []


def test_a_tree_that_may_not_be_written_is_left_as_it_is(tree: Tree, monkeypatch) -> None:
    def refuse(*about: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tree, "make", refuse)
    assert find_parent(tree.root, "/", tree) is None
    assert left(tree) == []


def test_a_limit_that_cannot_be_written_leaves_no_group(tree: Tree, monkeypatch) -> None:
    kept = tree.write

    def refuse(file: Path, text: str) -> None:
        if file.name == "pids.max":
            raise PermissionError(errno.EACCES, "Permission denied")
        kept(file, text)

    monkeypatch.setattr(tree, "write", refuse)
    assert find_parent(tree.root, "/", tree) is None
    assert left(tree) == []


def test_a_process_that_cannot_be_moved_leaves_no_group(tree: Tree, monkeypatch) -> None:
    kept = tree.write

    def refuse(file: Path, text: str) -> None:
        if file.name == "cgroup.procs":
            raise PermissionError(errno.EACCES, "not below a common group of ours")
        kept(file, text)

    monkeypatch.setattr(tree, "write", refuse)
    assert find_parent(tree.root, "/", tree) is None
    assert left(tree) == []


def test_a_group_has_the_limits_and_goes_with_what_is_left_in_it(tree: Tree) -> None:
    parent = find_parent(tree.root, "/", tree)
    assert parent is not None
    limits = Limits(memory_bytes=100 * MIB, disk_bytes=10 * MIB, processes=5)
    group = Cgroup.make(parent, limits, tree)
    group.add(12)
    said = {name: tree.read(group.path / name) for name in group_limits(limits)}
    assert said == {"memory.max": str(174 * MIB), "memory.oom.group": "1", "pids.max": "9"}
    assert tree.processes(group.path) == ["12"]
    group.remove()
    assert left(tree) == []
    group.remove()  # twice does no harm


@pytest.mark.parametrize(
    ("events", "out"),
    [
        ("low 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 1\n", True),
        ("low 0\nmax 3\noom 0\noom_kill 0\n", False),
        ("", False),
    ],
)
def test_the_system_s_word_on_memory_is_read(tree: Tree, events: str, out: bool) -> None:
    find_parent(tree.root, "/", tree)
    group = Cgroup.make(tree.root, Limits(), tree)
    (group.path / "memory.events").write_text(events)
    assert group.out_of_memory is out


def test_our_own_place_is_read_from_what_linux_says(tmp_path: Path) -> None:
    (tmp_path / "cgroup").write_text("4:memory:/old\n0::/user.slice/run.scope\n")
    (tmp_path / "mountinfo").write_text(
        "24 1 0:22 / /sys rw - sysfs sysfs rw\n"
        "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    )
    assert own_place(tmp_path) == (Path("/sys/fs/cgroup"), "/user.slice/run.scope")
    (tmp_path / "mountinfo").write_text("24 1 0:22 / /sys rw - sysfs sysfs rw\n")
    assert own_place(tmp_path) is None
    assert own_place(tmp_path / "none") is None


def test_the_doctor_says_which_it_is(tree: Tree, monkeypatch) -> None:
    def said() -> str:
        findings = doctor.diagnose(thorough=False)
        return next(finding.text() for finding in findings if finding.what == "memory")

    monkeypatch.setattr(doctor, "parent_group", lambda: find_parent(tree.root, "/", tree))
    assert said() == (
        f"ok      memory: cgroup v2 below {tree.root}: at most 3557 MB and 68 processes for a "
        "submission, kept by the operating system"
    )
    monkeypatch.setattr(doctor, "parent_group", lambda: None)
    monkeypatch.setattr(memory_bound, "system_settings", memory_bound.SystemSettings)
    assert said().startswith("ok      memory: counted, worst case 7795 MB for a submission")
    assert said().endswith("docs/wall.md says how to get a bound that the operating system keeps")


@pytest.fixture
def grouped(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree in which kernels of this process get their groups."""
    find_parent(tree.root, "/", tree)
    monkeypatch.setattr(fork_server_client, "parent_group", lambda: tree.root)
    make = Cgroup.make
    monkeypatch.setattr(Cgroup, "make", lambda parent, limits: make(parent, limits, tree))
    tree.written.clear()
    return tree


def test_a_supervisor_is_in_its_group_before_it_has_its_order(grouped: Tree) -> None:
    with running_kernel() as kernel:
        (name,) = left(grouped)
        (process,) = grouped.processes(grouped.root / name)
        # its number as we see it: the first process of a world that is not ours
        about = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{process}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert about["NSpid"].split()[-1] == "1"
        assert int(process) != os.getpid()
        assert kernel.run("1 + 1").outputs[0].data["text/plain"] == "2"
    assert left(grouped) == []


def test_a_group_that_was_full_is_told_as_memory(grouped: Tree) -> None:
    with running_kernel() as kernel:
        started = kernel._started
        assert isinstance(started, KernelProcess)
        assert started.group is not None
        (started.group.path / "memory.events").write_text("oom_kill 3\n")
        # as the system does: all at once, and nobody is left to say why
        (process,) = grouped.processes(started.group.path)
        watched = os.pidfd_open(int(process))
        os.kill(int(process), 9)
        select.select([watched], [], [])  # until the last process of its world is gone
        os.close(watched)
        done = kernel.run("1 + 1")
    assert (done.limit, kernel.limit) == ("memory", "memory")
    assert "more than 3072 MiB of memory" in done.message
    assert left(grouped) == []


def test_a_tree_that_changes_its_mind_leaves_counting(grouped: Tree, monkeypatch) -> None:
    def refuse(self: Cgroup, process: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Cgroup, "add", refuse)
    with running_kernel() as kernel:
        assert kernel._started.group is None
        assert kernel.run("1 + 1").outputs[0].data["text/plain"] == "2"
    assert left(grouped) == []
