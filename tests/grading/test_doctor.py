import subprocess
import sys

import pytest

from rnn_course.errors import ConfinementError
from rnn_course.grading.host import doctor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")


def test_a_machine_that_can_confine_is_found_healthy() -> None:
    findings = doctor.diagnose()
    assert [finding.what for finding in findings if not finding.ok] == []
    assert findings[-1].detail == "it starts, and cannot look around"


def test_forbidden_namespaces_are_named_with_their_remedy(monkeypatch) -> None:
    def refuse(words, **options):
        said = b"bwrap: No permissions to create new namespace"
        return subprocess.CompletedProcess(words, 1, b"", said)

    monkeypatch.setattr(doctor.subprocess, "run", refuse)
    with pytest.raises(ConfinementError, match=r"No permissions.*apparmor_restrict_unprivileged"):
        doctor.require_confinement()


def test_an_old_landlock_is_named_with_its_remedy(monkeypatch) -> None:
    monkeypatch.setattr("landlock.landlock_abi_version", lambda: 1)
    finding = next(f for f in doctor.diagnose(thorough=False) if f.what == "Landlock")
    assert (finding.ok, finding.detail) == (False, "ABI 1")
    assert "Linux 6.2 or newer" in finding.remedy


def test_a_missing_seccomp_is_named_with_its_remedy(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyseccomp", None)
    finding = next(f for f in doctor.diagnose(thorough=False) if "seccomp" in f.what)
    assert not finding.ok
    assert "apt install libseccomp2" in finding.remedy


def test_another_system_is_sent_elsewhere(monkeypatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    (finding,) = doctor.diagnose()
    assert not finding.ok
    assert "--trust-submissions" in finding.remedy
