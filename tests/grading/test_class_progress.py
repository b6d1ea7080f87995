"""How far a class is: the time that is left from the first finished submission on."""

from datetime import timedelta

from rich.console import Console

from rnn_course.grading.classroom.class_progress import (
    TimeLeft,
    _Bar,
    _Lines,
    class_progress,
)


class Clock:
    """Seconds that pass only where a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def lines(number: int) -> list[str]:
    """Return what is said of a class whose first submission takes 100 seconds, the others 3."""
    console, clock = Console(record=True, width=100), Clock()
    with _Lines(console, clock) as progress:
        progress.start(number)
        for done in range(number):
            clock.now += 3 if done else 100
            progress.advance()
    return console.export_text().splitlines()


def test_a_large_class_is_told_from_its_first_submission_on_and_in_a_dozen_lines() -> None:
    said = lines(200)
    assert said[:5] == [
        "Submissions to grade: 200",
        "Grading: 1 of 200 done, at most 5:31:40 left",
        "Grading: 10 of 200 done, about 0:09:30 left",
        "Grading: 20 of 200 done, about 0:09:00 left",
        "Grading: 40 of 200 done, about 0:08:00 left",
    ]
    assert said[-1] == "Grading: 180 of 200 done, about 0:01:00 left"
    assert len(said) == 12


def test_a_class_of_thousands_need_not_wait_for_its_first_tenth() -> None:
    said = lines(5000)
    assert "Grading: 100 of 5000 done, about 4:05:00 left" in said
    assert len(said) == 13


def test_a_small_class_is_told_and_an_empty_one_is_not() -> None:
    assert lines(3) == [
        "Submissions to grade: 3",
        "Grading: 1 of 3 done, at most 0:03:20 left",
        "Grading: 2 of 3 done, about 0:00:03 left",
    ]
    assert lines(0) == []


def test_time_passes_while_nothing_is_finished() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    left.start(4)
    assert str(left) == ""
    clock.now += 10
    left.advance()
    assert str(left) == "at most 0:00:30 left"
    clock.now += 2
    assert str(left) == "at most 0:00:28 left"
    left.advance()
    assert str(left) == f"about {timedelta(seconds=4)} left"
    clock.now += 60
    assert str(left) == "about 0:00:00 left"


def test_a_terminal_has_a_bar_with_the_time_that_is_left() -> None:
    terminal, clock = Console(force_terminal=True, width=100, record=True), Clock()
    progress = class_progress(terminal, clock)
    assert isinstance(progress, _Bar)
    with progress:
        progress.start(3)
        clock.now += 20
        progress.advance()
    said = terminal.export_text()
    assert "1/3" in said
    assert "at most 0:00:40 left" in said
    assert isinstance(class_progress(Console(force_terminal=False)), _Lines)
