"""Killed at any moment and started again, grading ends where it would have ended undisturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograde.course import REPOSITORY


@pytest.mark.slow
@pytest.mark.timeout(1200)  # eleven gradings; on a busy machine each takes its time
def test_a_killed_grading_is_taken_up_again(few: Path, solutions: Path, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("orphans are counted with Linux's subreaper")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.reliability.killing", str(few), str(solutions), str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["code"] == 0
    assert len(told["moments"]) >= 10
    assert (len(told["grades"]), told["files"]) == (9, 14)  # 3 submissions of 3 exercises
    assert [sum(g[2] for g in told["grades"] if g[0] == learner) for learner in ("crash", "untouched")] == [2, 0]
    assert told["left"] == []
    assert told["damaged"] == []
    assert told["differ"] == []
