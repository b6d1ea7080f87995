"""The contract of ``rnn-course grade``, and nbgrader's own button, from outside."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import nbformat
import pytest
import toy
from conftest import NAME, hand_in

from rnn_course import cli
from rnn_course.grading.gradebook.course import Course

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux"),
]


def called(root: Path, *arguments: str) -> int | str | None:
    """Call the command in this process, which has imported all of it; return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setattr(sys, "argv", ["rnn-course", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return ended.value.code


def test_the_json_is_what_was_promised_and_nothing_else_is_printed(course: Path) -> None:
    (course / "hers.ipynb").write_text(toy.text(double="def double(x):\n    return 3 * x"))
    words = [sys.executable, "-m", "rnn_course.cli", "grade", "hers.ipynb", "--json"]
    done = subprocess.run(words, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    keys = "coursework notebook score max_score status environment questions incidents"
    assert list(found) == keys.split()
    assert list(found["environment"]) == ["python", "torch", "device", "sandbox"]
    assert (found["coursework"], found["notebook"], found["status"]) == (
        *(NAME, "toy.ipynb"),
        "graded",
    )
    assert (found["score"], found["max_score"]) == (8, 14)
    double, square, _, essay = found["questions"]
    # it is wrong and has no name, so what it does is kept: a class' like ones are one group
    assert list(double) == ["id", "status", "score", "max_score", "criteria", "behaviour"]
    assert list(square) == ["id", "status", "score", "max_score", "criteria"]
    statuses = [double["status"], square["status"], essay["status"]]
    assert statuses == ["failed", "passed", "manual"]
    criterion = double["criteria"][0]
    assert list(criterion) == ["id", "passed", "score", "max_score", "message", "misconception"]
    assert criterion["message"].startswith("off by ")
    assert found["incidents"] == []
    assert found["environment"]["sandbox"].startswith("bubblewrap")


def test_a_broken_notebook_is_said_to_be_one_and_exits_with_1(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "his.ipynb").write_text("nothing")
    assert called(course, "grade", "his.ipynb", "--json", "--coursework", NAME) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["score"]) == ("unreadable", 0)
    (incident,) = found["incidents"]
    assert list(incident) == ["kind", "cell", "message"]
    assert incident["kind"] == "unreadable"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grade", "none.ipynb"), "Expected a notebook to grade. Got no file none.ipynb."),
        (("grade", "other.ipynb"), "Say which it is with --coursework."),
        (("autograde", NAME), "Expected submissions of"),
        (("autograde", "cw9"), "Expected one of the courseworks toy"),
    ],
)
def test_what_cannot_be_done_is_one_message_and_exit_code_2(
    course: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nbformat.write(nbformat.v4.new_notebook(), course / "other.ipynb")
    assert called(course, *words) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert "Traceback" not in printed.err


@pytest.fixture
def formgrader(course: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Jupyter with formgrader, as an instructor starts it; its address and a token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "IdentityProvider.token": "letmein",
        "ServerApp.allow_root": "True",
        "ServerApp.open_browser": "False",
        "ServerApp.root_dir": str(course),
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    places = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *words],
            cwd=course,
            env={**os.environ, **places},
            stdout=log,
            stderr=log,
        )
        yield f"http://127.0.0.1:{port}", "letmein"
        server.terminate()
        server.wait(30)


def test_formgraders_button_gives_the_same_marks(course: Path, formgrader: tuple[str, str]) -> None:
    address, token = formgrader
    hand_in(course, "ada", toy_ipynb=toy.text())
    hand_in(course, "bob", toy_ipynb=toy.text(square="import os\nos._exit(1)"))
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    deadline = time.monotonic() + 120
    while True:
        try:
            browser.open(f"{address}/formgrader?token={token}").read()
            break
        except URLError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    xsrf = next(cookie.value for cookie in cookies if cookie.name == "_xsrf")
    for student in ("ada", "bob"):
        button = Request(
            f"{address}/formgrader/api/submission/{NAME}/{student}/autograde",
            method="POST",
            headers={"X-XSRFToken": xsrf},
        )
        answer = json.loads(browser.open(button, timeout=240).read())
        assert answer["success"], answer
        assert not re.search("Traceback", answer.get("error") or "")
    found = {
        one.student: sum(one.scores.values()) for one in Course(course).marks(NAME, ["ada", "bob"])
    }
    assert found == {"ada": 12, "bob": 4}
