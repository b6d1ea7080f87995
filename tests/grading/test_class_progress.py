"""How far a class is: lines with the time that is left, also where there is no terminal."""

from rich.console import Console

from rnn_course.grading.classroom.class_progress import _Bar, _Lines, class_progress


def lines(number: int) -> list[str]:
    """Return what is said of a class whose first submission takes 100 seconds, the others 3."""
    console = Console(record=True, width=100)
    seconds = iter(range(100, 10**6, 3))
    now = [0.0]
    progress = _Lines(console, lambda: now[0])
    with progress:
        progress.start(number)
        for _ in range(number):
            now[0] = next(seconds)
            progress.advance()
    return console.export_text().splitlines()


def test_a_large_class_is_told_in_ten_lines() -> None:
    said = lines(200)
    assert said[0] == "Submissions to grade: 200"
    assert said[1] == "Grading: 20 of 200 done, about 0:09:00 left"
    assert said[-1] == "Grading: 180 of 200 done, about 0:01:00 left"
    assert len(said) == 10


def test_a_small_class_is_told_and_an_empty_one_is_not() -> None:
    assert lines(3) == ["Submissions to grade: 3", "Grading: 2 of 3 done, about 0:00:03 left"]
    assert lines(0) == []


def test_a_terminal_has_a_bar() -> None:
    terminal = Console(force_terminal=True, width=100, record=True)
    progress = class_progress(terminal)
    assert isinstance(progress, _Bar)
    with progress:
        progress.start(2)
        progress.advance()
    assert "1/2" in terminal.export_text()
    assert isinstance(class_progress(Console(force_terminal=False)), _Lines)
