"""What a command costs: wall seconds, CPU seconds of all its processes, and the memory of the whole tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and the highest memory seen (proportional set size: a shared page counts once), in MB."""

    wall: float
    cpu: float
    memory: float = 0.0
    said: str = ""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of every grader: one thread per process, and nothing written into the home folder."""
    return {
        **os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg",
        "DLCOURSE_PROGRESS": "off", "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }  # fmt: skip


def run(command: Sequence[str], folder: Path, watch: bool = False) -> Cost:
    """Run a command in `folder` to its end. watch: look at its memory all the while, which costs CPU time itself.

    The CPU seconds are those of the command and of every process that one of its processes has waited for.
    """
    log = folder / "last_command.log"
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=out, stderr=subprocess.STDOUT)
        peak = _Peak(process.pid) if watch else None
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    said = log.read_text(encoding="utf-8", errors="replace")
    return Cost(wall, used.ru_utime + used.ru_stime, peak.stop() if peak else 0.0, said)


class _Peak:
    """A thread that looks at the memory of a process and everything below it."""

    def __init__(self, pid: int) -> None:
        self._pid, self._highest, self._end = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._end.set()
        self._thread.join()
        return self._highest

    def _look(self) -> None:
        while not self._end.wait(0.1):
            self._highest = max(self._highest, tree_memory(self._pid))


def tree_memory(pid: int) -> float:
    """Return the proportional set size of a process and all below it, in MB."""
    try:
        top = psutil.Process(pid)
        processes = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in processes:
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # gone meanwhile; or hidden from an unprivileged user
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total / 1024
