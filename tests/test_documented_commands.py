"""Every command of the pages is run by a test, or says why not; its words exist in any case."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from distributed.cli import dask_scheduler, dask_ssh, dask_worker
from nbgrader.apps import NbGraderApp

from rnn_course.cli import app

ROOT = Path(__file__).parents[1]
DOCS = sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)
HANDOUT = ROOT / "rnn_course/authoring/templates/handout/README.md"
PAGES = [ROOT / "README.md", *DOCS, HANDOUT]
BLOCK = re.compile(r"(?:<!-- (?P<mark>.*?) -->\n)?```(?P<language>\S*)\n(?P<text>.*?)```", re.S)
PROGRAMS = (
    "rnn-course",
    "nbgrader",
    "make",
    "dask",
    "python",
    "pip",
    "jupyter",
    "conda",
    "docker",
    "uv",
)
DASK = {"scheduler": dask_scheduler.main, "worker": dask_worker.main, "ssh": dask_ssh.main}
each = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(block: str) -> list[str]:
    """Return the commands of a block, without what is said of them."""
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in block.splitlines())
    return [line for line in lines if line]


def blocks(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what is said of each block of commands on a page, and the commands."""
    for found in BLOCK.finditer(text(page)):
        if found["language"] == "sh":
            yield found["mark"] or "", commands(found["text"])


def whole_pages(test: str) -> set[str]:
    """Return the commands of all pages that a test reads to run them."""
    read = [page for page in PAGES if page.name in text(ROOT / test)]
    marked = (block for page in read for mark, block in blocks(page) if test in mark)
    return {command for block in marked for command in block}


@each
def test_a_block_of_commands_is_marked_as_such(page: Path) -> None:
    for found in BLOCK.finditer(text(page)):
        first = found["text"].split(maxsplit=1)[0]
        assert found["language"] == "sh" or first not in PROGRAMS, found[0]


@each
def test_every_command_is_run_by_a_test_or_says_why_not(page: Path) -> None:
    for mark, block in blocks(page):
        run = mark.startswith("run by ")
        reason = mark.partition("not run: ")[2]
        assert run or len(reason.split()) >= 5, (mark, block)
        tests, _, but = mark.removeprefix("run by ").partition(" but for ")
        files = tests.split(" and ") if run else []
        written = "".join(text(ROOT / file) for file in files)
        known = set().union(*map(whole_pages, files))
        left = {command for command in block if command not in known and command not in written}
        exempt = re.findall(r"`(.+?)`", but)
        assert not run or not [c for c in left if not c.startswith(tuple(exempt) or "\0")], mark


def mentioned(page: Path, program: str) -> Iterator[list[str]]:
    """Yield the words of every mention of a program, in a block or in a sentence."""
    spans = (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", BLOCK.sub("", text(page))))
    inside = [line for _, block in blocks(page) for line in block]
    for line in [*spans, *inside]:
        words = shlex.split(line, comments=True) if line.startswith(f"{program} ") else []
        if words:
            yield words[1:]


def options(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def expect_command(command: Any, words: list[str]) -> None:
    """Look whether a click command, or one below it, knows these words."""
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not getattr(command, "commands", {}) or not words, words
    assert options(words) <= {name for option in command.params for name in option.opts}, words


@each
def test_our_commands_and_their_options_exist(page: Path) -> None:
    for words in mentioned(page, "rnn-course"):
        expect_command(typer.main.get_command(app), words)


@each
def test_commands_of_others_exist(page: Path) -> None:
    for words in mentioned(page, "nbgrader"):
        assert words[0] in NbGraderApp.subcommands, words
    for words in mentioned(page, "dask"):
        command = DASK[words[0]]
        assert isinstance(command, click.Command)
        expect_command(command, words[1:])


def expect_target(words: list[str]) -> None:
    """Look whether the Makefile has what is to be made."""
    makefile = text(ROOT / "Makefile").replace("$(STAMP)", ".venv/installed")
    targets = re.findall(r"^([\w./-]+):", makefile, re.MULTILINE)
    assert {word for word in words if "=" not in word} <= set(targets), words


@each
def test_targets_of_make_exist(page: Path) -> None:
    for words in mentioned(page, "make"):
        expect_target(words)


def test_a_page_that_promises_too_much_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`rnn-course fly`\n\n<!-- run by .ci/run -->\n```sh\nrnn-course grade --high\n```"
    )
    with pytest.raises(AssertionError):
        test_every_command_is_run_by_a_test_or_says_why_not(page)
    for words in (["fly"], ["grade", "--high"]):
        assert words in list(mentioned(page, "rnn-course"))
        with pytest.raises(AssertionError):
            expect_command(typer.main.get_command(app), words)
