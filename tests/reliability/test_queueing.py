"""The queue that benchmarks/scaling.py simulates a large class with gives what can be computed by hand."""

from __future__ import annotations

import pytest

from benchmarks.queueing import pass_through


def test_one_worker_and_an_idle_head() -> None:
    passed = pass_through([2.0] * 10, [0.0] * 10, workers=1, ahead=2)
    assert (passed.seconds, passed.head_busy, passed.workers_busy) == (20.0, 0.0, 1.0)


@pytest.mark.parametrize(("workers", "seconds"), [(1, 20.5), (2, 10.5), (5, 5.5)])
def test_more_workers_help_until_the_head_is_the_limit(workers: int, seconds: float) -> None:
    """Ten of 2 s each and 0.5 s in the head: with five workers the head's 10 × 0.5 s come after the first 2 s."""
    passed = pass_through([2.0] * 10, [0.5] * 10, workers, ahead=2 * workers)
    assert passed.seconds == pytest.approx({5: 2.0 + 10 * 0.5}.get(workers, seconds), abs=0.51)
    assert pass_through([2.0] * 10, [0.5] * 10, 100, ahead=200).seconds == 2.0 + 10 * 0.5


def test_a_slow_one_at_the_front_holds_up_no_more_than_what_may_be_ahead() -> None:
    jobs, head = [10.0] + [1.0] * 9, [0.0] * 10
    assert pass_through(jobs, head, workers=2, ahead=2).seconds == 10.0 + 4.0  # two at a time once the first is done
    assert pass_through(jobs, head, workers=2, ahead=20).seconds == 10.0  # the other worker has done the rest meanwhile
