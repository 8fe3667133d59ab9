"""A real Dask scheduler and three worker processes: the same grades as on one machine, also when one is killed."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.build import Built
from autograde.commands import grade
from autograde.course import REPOSITORY, Course
from autograde.grade import grade_class
from autograde.jobs import here, unfit
from autograde.pools import cluster
from autograde.sample_class import submissions
from autograde.submissions import find_submissions
from autograde.workers import default_walls
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny

distributed = pytest.importorskip("distributed", reason="pip install 'dlcourse[cluster]'")
SEED = 7
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own, about ports and unclosed streams


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and three workers of one thread each; give the address and the workers."""
    folder = tmp_path_factory.mktemp("dask")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]]
        with open(folder / f"{len(started)}.log", "wb") as log:
            started.append(subprocess.Popen(program, cwd=folder, env=environment, stdout=log, stderr=log))
        return started[-1]

    file = folder / "scheduler.json"
    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    workers = [
        start("dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard",
              "--host", "127.0.0.1", "--local-directory", str(folder))
        for _ in range(3)
    ]  # fmt: skip
    try:
        with distributed.Client(scheduler_file=str(file), timeout=120, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=120)
            address = client.scheduler.address
        yield address, workers
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
        logging.getLogger("distributed").setLevel(logging.NOTSET)


@pytest.fixture
def class_(built: Built, tmp_path: Path) -> Path:
    """Seven submissions, each a second and a half long; no two are equal."""
    folder = tmp_path / "in"
    folder.mkdir()
    for learner, content in submissions(built):
        if learner.startswith(("crash", "full_marks", "half_done", "mistake", "not_json")):
            slow = content.replace(b'"import numpy as np', b'"import time\\ntime.sleep(1.5)\\nimport numpy as np')
            (folder / f"{learner}.ipynb").write_bytes(slow)
    return folder


def graded(folder: Path, root: Path, solutions: Path, **options: Any) -> dict[str, Any]:
    course = Course(root, root / "unused")
    learners = grade_class(tiny.NAME, find_submissions(folder, tiny.NAME), course, solutions, SEED, **options)
    return {learner.name: [g.to_plain() for g in learner.grades.values()] for learner in learners}


@pytest.mark.slow
def test_a_worker_killed_in_mid_run_costs_nothing(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], class_: Path, solutions: Path, tmp_path: Path
) -> None:
    address, workers = scheduler
    local = graded(class_, tmp_path / "local", solutions, workers=2)
    killed = threading.Event()

    def kill() -> None:
        """Kill a worker that has just begun: it is at its first or second submission."""
        with distributed.Client(address, timeout=60, set_as_default=False) as client:
            while not killed.is_set():
                busy = [w for w, tasks in client.processing().items() if any("run_job" in str(t) for t in tasks)]
                if len(busy) == 3:
                    time.sleep(1)
                    os.kill(workers[1].pid, signal.SIGKILL)
                    killed.set()
                time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    said = []
    try:
        far = graded(class_, tmp_path / "far", solutions, scheduler=address, progress=lambda one: said.append(one.name))
    finally:
        was_killed = killed.is_set()
        killed.set()
        killer.join()
    assert was_killed
    assert workers[1].wait(10) == -signal.SIGKILL
    assert far == local
    assert said == sorted(far)  # each once
    with Gradebook(f"sqlite:///{tmp_path}/far/gradebook.db", "dlcourse") as gradebook:
        held = [row["student"] for row in gradebook.submission_dicts(tiny.NAME)]
    assert sorted(held) == sorted(set(far) - {"not_json"})
    assert len([path for path in (tmp_path / "far" / "runs").iterdir() if path.is_file()]) == len(held)


def test_a_worker_with_another_environment_is_refused(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unfit({**here(), "numpy": "1.0"}, "none", tiny.NAME) == (
        f"A worker has another environment than the grading process: numpy {here()['numpy']} instead of 1.0."
    )
    monkeypatch.setattr("autograde.jobs.here", lambda: {"Python": "4.0"})
    refused = pytest.raises(CourseError, match=r"The Dask worker tcp.* cannot grade: .*Python 3\.\d+\.\d+ instead of 4")
    with refused, cluster(scheduler[0], default_walls(), tiny.NAME):
        pass


def test_what_cannot_be_reached_is_one_sentence(
    few: Path, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograde.pools.CONNECT_SECONDS", 1)
    options = ["02", "--submissions", few, "--out", tmp_path, "--solutions", solutions, "--scheduler"]

    def said(address: str) -> str:
        with pytest.raises(CourseError) as caught:  # which the command line says, and exits with 2
            CliRunner().invoke(grade, [*map(str, options), address], catch_exceptions=False, standalone_mode=False)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert said("tcp://127.0.0.1:1").startswith("No Dask scheduler answers at tcp://127.0.0.1:1 (")
    assert said("nonsense://x").startswith("No Dask scheduler answers at nonsense://x (")
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'dlcourse[cluster]'" in said("tcp://127.0.0.1:1")
