"""`dlcourse grade` as a command that says what it cost: `python benchmarks/grading_ours.py RESULT.json [arguments]`.

Its workers end in namespaces where nobody waits for them, so the kernel adds their CPU time to no parent: each keeper
tells it when its worker ends, and the warm parents are asked before they are closed. With DLCOURSE_BENCH_PHASES=1 it
also says where the time of the grading process went, as CPU seconds of the thread that did the work.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import resource
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

STARTED = time.monotonic()

# phase → functions; what one of them calls that is listed too counts there alone
PHASES = {
    "read, repair and plan": ["runs._begin", "preprocessors.repair", "preprocessors.take_notebook",
                              "grade.require_notebook"],
    "send to and receive from the sandbox": ["jobs.run_plan"],
    "judge": ["jobs.grade_all", "preprocessors.grade_all"],
    "draw the cards": ["judged.Result._repr_html_"],
    "sanitise and write the outputs": ["preprocessors._write_outputs"],
    "nbgrader: convert, database, files": ["course.Course.grade"],
    "feedback page": ["course.GenerateFeedback.start"],
    "keep and find runs": ["runs._keep", "run_cache.RunCache.find"],
    "record the chapter (once)": ["grade.prepare", "grade.recorded_exercises", "grade.records_of"],
    "report and tables (once)": ["report.write_report", "tables.print_results"],
}


class Phases:
    """Exclusive CPU seconds by phase, and the moments at which each submission was begun and done."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._local = threading.local()

    def install(self) -> None:
        for phase, names in PHASES.items():
            for name in names:
                module, *path = name.split(".")
                owner: Any = importlib.import_module(f"autograde.{module}")
                for part in path[:-1]:
                    owner = getattr(owner, part)
                setattr(owner, path[-1], self._timed(phase, getattr(owner, path[-1])))

    def _timed(self, phase: str, function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            outer = getattr(self._local, "inner", 0.0)
            self._local.inner = 0.0
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.thread_time() - began
                self.spent[phase] += took - self._local.inner
                self._local.inner = outer + took

        return wrapper


def main() -> None:
    """Grade, then write {"wall", "own", "helpers", "parents", "workers", "start", "phases"} in seconds."""
    result, *arguments = sys.argv[1:]
    from autograde import commands, log, warm

    phases = Phases()
    if os.environ.get("DLCOURSE_BENCH_PHASES"):
        phases.install()
    first: list[tuple[float, float]] = []
    real = log.GradingLog.add

    def noted(*args: Any) -> Any:
        first.append((time.monotonic() - STARTED, _own()))
        return real(*args)

    log.GradingLog.add = noted  # type: ignore[method-assign]
    try:
        commands.grade(arguments)
    except SystemExit as end:
        code = end.code
    parents = _parents_cpu(warm)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "code": code, "wall": time.monotonic() - STARTED, "own": _own(), "helpers": used.ru_utime + used.ru_stime,
        "parents": parents, "workers": warm.cpu_seconds(), "start": first[0] if first else None, "phases": phases.spent,
    }  # fmt: skip
    Path(result).write_text(json.dumps(told), encoding="utf-8")


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _parents_cpu(warm: Any) -> float:
    import psutil

    total = 0.0
    for parent in warm._parents.values():
        top = psutil.Process(parent._process.pid)
        for process in [top, *top.children(recursive=True)]:
            times = process.cpu_times()
            total += times.user + times.system
    return total


if __name__ == "__main__":
    main()
