"""What a worker has used is known although nobody waits for its processes."""

from __future__ import annotations

from tests.conftest import needs_part


def test_a_workers_cpu_seconds_are_told_when_it_ends() -> None:
    needs_part("bwrap")
    from autograde import warm
    from autograde.plan import Step
    from autograde.runner import run_plan

    busy = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    in_a_child = "import os\nif os.fork() == 0:\n    while time.process_time() < 0.5: pass\n    os._exit(0)\nos.wait()"
    before = warm.cpu_seconds()
    for cells in ([busy], [busy, in_a_child], [busy, "import os\nos._exit(3)"]):
        used = warm.cpu_seconds()
        steps = [Step(n, source) for n, source in enumerate(cells)]
        run_plan(steps, lambda exercise: [], start=lambda: warm.fork(False))
        assert warm.cpu_seconds() - used >= (1.0 if in_a_child in cells else 0.5)
    assert warm.cpu_seconds() - before >= 2.0
