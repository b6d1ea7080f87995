"""The only module that knows Dask: grades many submissions on this machine or on a cluster."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from distributed.utils import get_mp_context

from rnn_course.errors import ConfinementError, GradingError
from rnn_course.grading.host.shared_fork_server import share_fork_server
from rnn_course.grading.judge.grading_task import (
    Graded,
    Submission,
    Terms,
    code_digest,
    grade_submission,
)

_ANSWER_SECONDS = 10
_GPU = {"GPU": 1}
_TOGETHER = 32  # submissions that are written in one transaction, at most
_SPARE = 32  # submissions that wait for a worker, at most
_AHEAD = 8  # submissions that wait at a cluster whose workers are still to come

_SETTINGS = {
    # a worker's death is told at once; `grade_all` decides what follows from it
    "distributed.scheduler.allowed-failures": 0,
    "distributed.worker.multiprocessing-method": "forkserver",
    # what Dask's dashboard would show costs a twentieth of a core, all the time
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
}

GradedOrWhyNot = Graded | str


@contextmanager
def connect(
    workers: int,
    scheduler: str = "",
    *,
    trust: bool = False,
    gpu: bool = False,
    modules: Sequence[str] = (),
) -> Iterator[Client]:
    """Yield a client of a cluster: an existing one, or one made for the occasion.

    Args:
        workers: how many processes to start on this machine.
        scheduler: address of an existing scheduler instead.
        trust: the workers on this machine are to run students' code without the wall.
        gpu: they are to let it use the GPU.
        modules: what kernels on this machine are to have imported.

    Raises:
        GradingError: the scheduler does not answer.
        ConfinementError: this machine cannot confine student code.
    """
    if scheduler:
        try:
            client = Client(scheduler, timeout=_ANSWER_SECONDS)
        except (OSError, ValueError) as error:
            raise GradingError(
                f"a Dask scheduler at {scheduler}",
                str(error) or type(error).__name__,
                "Start one with `dask scheduler`, and give the address that it prints.",
            ) from error
        with client:
            yield client
        return
    sharing = share_fork_server(trust=trust, gpu=gpu, modules=modules)
    with dask.config.set(_SETTINGS), sharing as environment:
        # workers fork from one process that has imported what they need
        get_mp_context().set_forkserver_preload([__name__, "torch"])
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=0,
            resources=_GPU if gpu else {},  # else what asks for one waits for ever
            env=environment,
            dashboard_address=":0",
        )
        with cluster, Client(cluster) as client:
            yield client


def grade_all(
    client: Client, submissions: Iterable[Submission], terms: Terms
) -> Iterator[list[tuple[Submission, GradedOrWhyNot]]]:
    """Grade submissions in parallel; yield each as it is finished, in no order.

    What is finished while the caller is busy with others comes together. What was on a worker that
    died is graded again when all others are done, alone, and once more if a worker dies of it, so
    that no submission suffers for its neighbour. Instead of a graded one, why it could not be
    graded is yielded.

    Raises:
        ConfinementError: a worker cannot confine student code.
        GradingError: a worker runs another version of this package, or the scheduler is gone.
    """
    orphans: list[Submission] = []
    for finished in _in_parallel(client, submissions, terms):
        orphans += [submission for submission, outcome in finished if outcome is None]
        if whole := [(one, outcome) for one, outcome in finished if outcome is not None]:
            yield whole
    for orphan in orphans:
        # it may have died with a neighbour the first time: what it does alone is its own doing
        yield [(orphan, _alone(client, orphan, terms))]


def _alone(client: Client, submission: Submission, terms: Terms) -> GradedOrWhyNot:
    for _ in range(2):
        ((_, outcome),) = next(_in_parallel(client, [submission], terms))
        if outcome is not None:
            return outcome
    return "Two workers died while they graded it alone."


def _in_parallel(
    client: Client, submissions: Iterable[Submission], terms: Terms
) -> Iterator[list[tuple[Submission, GradedOrWhyNot | None]]]:
    """Grade with a few submissions under way at a time; None stands for a worker that died."""
    waiting = iter(submissions)
    under_way: dict[Future, Submission] = {}
    finished = as_completed()

    def send(number: int) -> None:
        for submission in islice(waiting, number):
            asked = _GPU if terms.gpu else None
            future = client.submit(_grade, submission, terms, pure=False, resources=asked)
            under_way[future] = submission
            finished.add(future)

    send(_room(client))
    for batch in finished.batches():
        for start in range(0, len(batch), _TOGETHER):
            some = batch[start : start + _TOGETHER]
            came = [(under_way.pop(future), future) for future in some]
            if any(future.cancelled() for future in some):
                raise _lost_scheduler("its connection was lost")
            send(max(0, _room(client) - len(under_way)))
            yield [(submission, _outcome(future)) for submission, future in came]


def _room(client: Client) -> int:
    """Return how many submissions to have under way: two for each thread of a few workers.

    Of many workers each needs no second one in waiting: the head holds all that is under way.
    """
    threads = sum(client.nthreads().values())
    return min(2 * threads, threads + _SPARE) or _AHEAD


def _grade(submission: Submission, terms: Terms) -> tuple[str, Graded]:
    """Grade a submission on a worker; say with which code."""
    _settle()
    return code_digest(), grade_submission(submission, terms)


@cache
def _settle() -> None:
    """Never again look for garbage among what is imported: that takes seconds at a worker's end."""
    gc.freeze()


def _outcome(future: Future) -> GradedOrWhyNot | None:
    try:
        code, graded = future.result()
    except KilledWorker:
        return None
    except ConfinementError:
        raise  # the same for every submission
    except Exception as error:
        if future.status != "error":  # not what the worker met, but what came of asking for it
            raise _lost_scheduler(str(error) or type(error).__name__) from error
        # one submission never stops the class
        return f"Grading it failed: {type(error).__name__}: {error}"
    if code != code_digest():
        raise GradingError(
            "workers with the same version of rnn-course as here",
            "marks made by other code",
            "Install this version on every worker, and start the workers again.",
        )
    return graded


def _lost_scheduler(why: str) -> GradingError:
    return GradingError(
        "a Dask scheduler that answers until the class is graded",
        why,
        "What was finished is recorded. Look after the scheduler, and run this again for the rest.",
    )
