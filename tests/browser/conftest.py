"""A course of its own, a Jupyter server in its folder, and a headless browser to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 240  # seconds; no page takes that long, a busy machine may
WRONG = "def moving_average(x, width):\n    return np.convolve(x, np.ones(width), 'valid')"
SLIDER = """\
import matplotlib.pyplot as plt
from rnn_course.plotting import touch
from rnn_course.plotting.showing import described

def wave(speed):
    figure, ax = plt.subplots(figsize=(4, 2))
    ax.plot(np.sin(speed * np.linspace(0, 6, 200)))
    return described(figure, f"A wave of speed {speed}.")

touch(wave, start={"speed": 1}, speed=[1, 2, 3])"""
_ENVIRONMENT = os.environ | {
    # the browser looks at pages, and nbgrader calls alembic by name
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "PYTHONWARNINGS": "ignore",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why nothing is looked at where there is no browser."""
    reason = "needs chromium: apt-get install chromium"
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here if CHROMIUM is None else ():
        item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the course that `rnn-course new` makes, with three hand-ins, graded.

    Another student works in the folder ``home``.
    """
    root = tmp_path_factory.mktemp("course")
    run(root, "new", "week_1")
    run(root, "build", "week_1")
    released = root / "assignments" / "week_1" / "week_1.ipynb"
    for student, answer in {"ada": None, "bob": WRONG, "cyd": f"import gc\n\n{WRONG}"}.items():
        folder = root / "submitted" / student / "week_1"
        folder.mkdir(parents=True)
        solved = root / "solutions" / "week_1" / "week_1.ipynb"
        (folder / released.name).write_text(answered(solved, answer))
    run(root, "autograde", "week_1")
    run(root, "report", "week_1")
    shutil.copytree(released.parent, root / "home")
    (root / "home" / released.name).write_text(answered(released, WRONG))
    (root / "home" / "tour.ipynb").write_text(
        with_all_there_is_to_see(root / "home", released.name)
    )
    return root


def run(root: Path, *command: str) -> None:
    """Run `rnn-course` as an instructor does."""
    program = [sys.executable, "-m", "rnn_course.cli", *command]
    subprocess.run(program, cwd=root, env=_ENVIRONMENT, check=True)


def answered(notebook: Path, answer: str | None) -> str:
    """Return a notebook's text with another answer to its first question."""
    found = nbformat.read(notebook, as_version=4)
    for cell in found.cells:
        if answer and cell.id == "moving_average":
            cell.source = answer
    return nbformat.writes(found)


def with_all_there_is_to_see(folder: Path, name: str) -> str:
    """Return the text of a notebook that also has an overview, a picture and a slider."""
    found = nbformat.read(folder / name, as_version=4)
    for cell in found.cells:
        if cell.id == "outlier":  # after a cell that raises, none of those in the queue is run
            cell.source = 'steady = "mean"'
    for source in ("check()", SLIDER):
        found.cells.append(nbformat.v4.new_code_cell(source))
    return nbformat.writes(found)


@pytest.fixture(scope="session")
def address(course: Path) -> Iterator[str]:
    """Return the address of a JupyterLab in the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--ServerApp.token=", "--ServerApp.password="]
    program = [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.port={port}"]
    log = course / "server.log"
    own = {f"JUPYTERLAB_{what}_DIR": str(course / what) for what in ("SETTINGS", "WORKSPACES")}
    with log.open("w") as output:
        server = subprocess.Popen(
            program, cwd=course, env=_ENVIRONMENT | own, stdout=output, stderr=output
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)  # between two looks, not for a result
        else:
            return
    raise AssertionError(f"no server at {address}: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browsers() -> Iterator[Playwright]:
    """Start what starts browsers: once, since two of them do not live in one process."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(browsers: Playwright) -> Iterator[Browser]:
    """Start a headless browser."""
    started = browsers.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield started
    started.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Page:
    """Return a page of the browser."""
    return new_window(browser)


def new_window(browser: Browser) -> Page:
    """Open a page that shares nothing with others."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.set_default_timeout(1000 * PATIENCE)
    return page
