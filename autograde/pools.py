"""Where jobs run: in threads of this process, or on the workers of a Dask cluster."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dlcourse_utils.errors import CourseError

from . import jobs

CONNECT_SECONDS = 10
ANSWER_SECONDS = 120  # a worker imports everything first
RETRIES = 3  # of a job whose worker was lost
AHEAD = 2  # jobs under way for each thread that works


@dataclass(frozen=True)
class Pool:
    """An executor, and how many jobs should be under way so that no worker waits for one."""

    executor: Executor
    width: Callable[[], int]

    def submit(self, work: Callable[[jobs.Job], bytes], job: jobs.Job) -> Future[bytes]:
        """Have the job done."""
        return self.executor.submit(work, job)


@contextmanager
def local(workers: int) -> Iterator[Pool]:
    """Threads of this process. Each waits for a process of its own, so threads are enough."""
    executor = ThreadPoolExecutor(workers, "dlcourse")
    try:
        yield Pool(executor, lambda: AHEAD * workers)
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def cluster(address: str, walls: str, chapter: str) -> Iterator[Pool]:
    """The workers of the Dask cluster whose scheduler listens at `address`; they may come and go.

    Raises CourseError when the extra `cluster` is missing, nobody answers, or a worker is not fit for the jobs.
    """
    try:
        from distributed import Client
    except ImportError as error:
        sentence = "--scheduler needs the package distributed; pip install 'dlcourse[cluster]' brings it."
        raise CourseError(sentence) from error
    for name in ("distributed.client", "distributed.comm", "distributed.core"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said in a sentence
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:  # its time-outs are OSErrors
        raise CourseError(f"No Dask scheduler answers at {address} ({_first_line(error)}).") from error
    with client:
        _require_fit_workers(client, address, walls, chapter)
        yield Pool(client.get_executor(pure=False, retries=RETRIES), lambda: AHEAD * max(4, _threads(client)))


def _require_fit_workers(client: Any, address: str, walls: str, chapter: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        # As tasks: `client.run` would import everything in the workers' event loops, which must stay responsive.
        asked = {w: client.submit(jobs.unfit, jobs.here(), walls, chapter, workers=[w], pure=False)
                 for w in client.nthreads()}  # fmt: skip
        deadline = time.monotonic() + ANSWER_SECONDS
        answers = [(worker, future) for worker, future in asked.items() if _answers(client, worker, future, deadline)]
        reasons = {worker: future.result() for worker, future in answers}
    except OSError as error:
        raise CourseError(f"The Dask cluster at {address} has no worker that answers.") from error
    except Exception as error:  # whatever a worker that lacks our packages raises
        raise CourseError(f"A Dask worker cannot grade ({type(error).__name__}: {_first_line(error)}).") from error
    if not reasons:
        raise CourseError(f"The Dask cluster at {address} has no worker that answers.")
    for worker, reason in reasons.items():
        if reason is not None:
            raise CourseError(f"The Dask worker {worker} cannot grade: {_first_line(reason)}")


def _answers(client: Any, worker: str, future: Any, deadline: float) -> bool:
    """Wait for a worker's answer; return False when it is lost meanwhile, or too slow to be of use."""
    while not future.done():
        if worker not in client.nthreads() or time.monotonic() > deadline:
            future.cancel()
            return False
        time.sleep(0.1)
    return True


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _first_line(said: object) -> str:
    lines = str(said).splitlines()
    return lines[0][:300] if lines else type(said).__name__
