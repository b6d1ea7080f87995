"""The one door to Dask: grades many submissions on this machine or on a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed

from rnn_course.errors import GradingError
from rnn_course.grading.result import Incident
from rnn_course.grading.submission import Graded, Submission, Terms, grade_submission

_RETRIES = 1


@contextmanager
def connect(workers: int, scheduler: str = "") -> Iterator[Client]:
    """Yield a client of a cluster: an existing one, or one made for the occasion.

    Args:
        workers: how many processes to start on this machine.
        scheduler: address of an existing scheduler instead.

    Raises:
        GradingError: the scheduler does not answer.
    """
    if scheduler:
        try:
            client = Client(scheduler, timeout=10)
        except (OSError, ValueError) as error:
            raise GradingError(
                f"a Dask scheduler at {scheduler}", str(error), "Start one: `dask scheduler`."
            ) from error
        with client:
            yield client
        return
    settings = {"distributed.scheduler.allowed-failures": _RETRIES}
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, memory_limit=0
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def grade_all(
    client: Client, submissions: Sequence[Submission], terms: Terms
) -> Iterator[tuple[Submission, Graded | Incident]]:
    """Grade submissions in parallel; yield each as it is finished, in no order.

    A worker that dies costs its submission one retry, then an incident is yielded instead.
    """
    shared = client.scatter(terms, broadcast=True, hash=False)
    resources = {"GPU": 1} if terms.gpu else None
    pending: dict[Future, Submission] = {
        client.submit(
            grade_submission, submission, shared, pure=False, resources=resources
        ): submission
        for submission in submissions
    }
    for future in as_completed(pending):
        yield pending[future], _outcome(future)
        future.release()


def _outcome(future: Future) -> Graded | Incident:
    try:
        return future.result()
    except KilledWorker:
        return Incident(
            "worker", "", "The worker that graded this submission died, and so did the next one."
        )
    except GradingError:
        raise  # the same for every submission: no wall, no release
    except Exception as error:  # one submission never stops the class
        return Incident("worker", "", f"Grading failed: {type(error).__name__}: {error}")
