"""A clock that stands in for all others: what a function measures is what was let pass."""

import datetime
import queue
import threading
import time
import timeit
from statistics import median
from time import perf_counter as ticks

import pytest
import torch

from rnn_course.courseworks.cw4_lstm_applications.stand_ins import Stopwatch

TIMES = (0.3, 0.07, 0.31, 0.01, 0.02)
X = torch.ones(2, 3, 4)


def watched(clock):
    """Make a function that measures with a clock of its own."""

    def seconds(layer, x, training, repeats):
        def call():
            with torch.set_grad_enabled(training):
                output, _ = layer(x)
                if training:
                    output.sum().backward()

        call()
        found = []
        for _ in range(repeats):
            start = clock()
            call()
            found.append(clock() - start)
        return median(found)

    return seconds


def imported(layer, x, training, repeats):
    return watched(ticks)(layer, x, training, repeats)


def by_default(layer, x, training, repeats, clock=time.perf_counter):
    return watched(clock)(layer, x, training, repeats)


def by_timeit(layer, x, training, repeats):
    with torch.no_grad():
        layer(x)
        return median(timeit.repeat(lambda: layer(x), number=1, repeat=repeats))


def by_date(layer, x, training, repeats):
    return watched(lambda: datetime.datetime.now().timestamp())(layer, x, training, repeats)


def in_nanoseconds(layer, x, training, repeats):
    return 1e-9 * watched(time.monotonic_ns)(layer, x, training, repeats)


@pytest.mark.parametrize("function", [imported, by_default, by_timeit, by_date, in_nanoseconds])
def test_every_clock_shows_the_time_that_was_let_pass(function):
    before = (time.perf_counter, timeit.default_timer, datetime.datetime, ticks)
    seen = Stopwatch(0.6, TIMES, 0.05).timed(function, X, False, 5)
    assert seen["seconds"] == pytest.approx(0.07, abs=1e-5)
    assert seen["calls"].startswith("one before")
    assert (time.perf_counter, timeit.default_timer, datetime.datetime, ticks) == before


def test_all_is_put_back_after_an_exception():
    before = time.perf_counter, time.sleep

    def broken(layer, x, training, repeats):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Stopwatch(0.6, TIMES, 0.05).timed(broken, X, False, 5)
    assert (time.perf_counter, time.sleep) == before


def test_a_thread_that_ran_before_sleeps_by_its_own_clock():
    """A notebook's kernel has one that wakes up every second; it had moved the time of answers."""
    asked, slept = queue.SimpleQueue(), queue.SimpleQueue()

    def beside():
        for _ in iter(asked.get, None):
            start = time.perf_counter()
            time.sleep(0.2)
            slept.put(time.perf_counter() - start)

    def disturbed():
        asked.put("sleep")
        took.append(slept.get())
        return time.perf_counter()

    took = []
    thread = threading.Thread(target=beside)
    thread.start()
    seen = Stopwatch(0.6, TIMES, 0.05).timed(watched(disturbed), X, False, 5)
    asked.put(None)
    thread.join()
    assert seen["seconds"] == pytest.approx(0.07, abs=1e-5)
    assert len(took) == 10
    assert min(took) >= 0.19  # of a real clock


def test_processor_time_stands_still_while_a_layer_waits():
    function = watched(time.process_time)
    assert Stopwatch(0.6, TIMES, 0.05).timed(function, X, False, 5)["seconds"] == 0


def test_the_way_back_and_what_it_is_the_gradient_of_are_seen():
    def of_the_mean(layer, x, training, repeats):
        for _ in range(repeats + 1):
            layer(x)[0].mean().backward()

    seen = Stopwatch(0.6, TIMES, 0.05).timed(of_the_mean, X, True, 5)
    assert (seen["back"], seen["of_the_sum"]) == ("in every call", False)
    right = Stopwatch(0.6, TIMES, 0.05).timed(watched(time.perf_counter), X, True, 5)
    assert (right["back"], right["of_the_sum"]) == ("in every call", True)
    assert right["seconds"] == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("calls", "said"), [(2, "fewer"), (5, "none before"), (6, "one"), (9, "one"), (20, "many")]
)
def test_calls_are_counted(calls, said):
    def many(layer, x, training, repeats):
        start = time.perf_counter()
        for _ in range(calls):
            layer(x)
        return time.perf_counter() - start

    assert Stopwatch(0.6, TIMES, 0.05).timed(many, X, False, 5)["calls"].startswith(said)
