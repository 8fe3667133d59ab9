"""A class of any size through the grader, as a queue: workers beside each other, one head that takes them in order."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Passed:
    """Seconds from the first submission to the last grade, and the shares of it that head and workers were busy."""

    seconds: float
    head_busy: float
    workers_busy: float


def pass_through(jobs: Sequence[float], head: Sequence[float], workers: int, ahead: int) -> Passed:
    """Return how long a class takes.

    jobs, head: seconds of each submission in a worker, and in the head afterwards. The head takes the submissions in
    their order, one at a time, and lets at most `ahead` be under way, as `autograde.runs.run_ahead` does.
    """
    free = [0.0] * workers  # when each worker is free again
    done: list[float] = []  # when the head is done with each
    for number, (in_worker, in_head) in enumerate(zip(jobs, head, strict=True)):
        handed_out = done[number - ahead] if number >= ahead else 0.0
        ran = max(handed_out, heapq.heappop(free)) + in_worker
        heapq.heappush(free, ran)
        done.append(max(ran, done[-1] if done else 0.0) + in_head)
    return Passed(done[-1], sum(head) / done[-1], sum(jobs) / done[-1] / workers)
