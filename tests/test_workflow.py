"""The workflows of CI: GitHub would accept them, and what their steps call is there."""

import importlib.util
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from test_documented_commands import expect_command, expect_target
from typer.main import get_command

from rnn_course.cli import app

ROOT = Path(__file__).parents[1]
WORKFLOWS = [
    ROOT / ".github/workflows/ci.yml",
    ROOT / "rnn_course/authoring/templates/rnn-course.yml",
]
VENV = ".venv/bin/"
each = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)


def steps(workflow: Path) -> Iterator[dict[str, str]]:
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        yield from job["steps"]


def commands(workflow: Path) -> Iterator[list[str]]:
    """Yield the words of every command that a step runs."""
    for step in steps(workflow):
        lines = step.get("run", "").replace(VENV, "").splitlines()
        for command in (part for line in lines for part in line.split("&&")):
            yield shlex.split(command)


def accepted(workflow: Path) -> subprocess.CompletedProcess[str]:
    schema = ["--builtin-schema", "vendor.github-workflows"]
    program = [sys.executable, "-m", "check_jsonschema", *schema, str(workflow)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@each
def test_github_accepts_it(workflow: Path) -> None:
    done = accepted(workflow)
    assert done.returncode == 0, done.stdout


def test_what_github_would_refuse_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "ci.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "runs_on:", 1))
    assert accepted(wrong).returncode == 1


@each
def test_what_a_step_calls_is_there(workflow: Path) -> None:
    called = list(commands(workflow))
    assert called
    for program, *words in called:
        if program == "make":
            expect_target(words)
        elif program == "rnn-course":
            expect_command(get_command(app), [w for w in words if "${{" not in w])
        elif program == "python" and words[:1] == ["-m"]:
            assert words[1] == "pip" or importlib.util.find_spec(words[1]), words
            folders = [word for word in words if word.startswith("tests/")]
            assert all((ROOT / folder).exists() for folder in folders), words
        elif program.startswith("."):
            assert program == "." or (ROOT / program).is_file(), program


def test_every_python_that_we_promise_is_tried() -> None:
    python = yaml.safe_load(WORKFLOWS[0].read_text())["jobs"]["cpu"]["strategy"]["matrix"]
    promised = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text := project())
    assert promised, text
    assert python["python"] == [f"3.{n}" for n in range(int(promised[1]), int(promised[2]))]


def project() -> str:
    return (ROOT / "pyproject.toml").read_text()


def test_the_job_on_a_gpu_measures_checks_trains_and_grades_a_class() -> None:
    job = yaml.safe_load(WORKFLOWS[0].read_text())["jobs"]["gpu"]
    assert job["runs-on"] == ["self-hosted", "linux", "gpu"]
    labels = yaml.safe_load((ROOT / ".github/actionlint.yaml").read_text())
    assert set(labels["self-hosted-runner"]["labels"]) <= set(job["runs-on"])
    run = "\n".join(step.get("run", "") for step in job["steps"])
    for part in ("rnn-course references", "-m benchmarks.gpu", "pytest -m gpu"):
        assert part in run
    program = [sys.executable, "-m", "pytest", "-m", "gpu", "--collect-only", "-q"]
    found = subprocess.run(
        [*program, "tests/checks/test_gpu.py", "tests/grading/test_gpu_class.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in ("references_hold", "earns_full_marks", "model_learns", "on_the_card"):
        assert name in found.stdout
