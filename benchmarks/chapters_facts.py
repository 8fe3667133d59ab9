"""What is measured of a chapter, and how its solved notebook is run."""

from __future__ import annotations

import os
import platform
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from milestones import Milestone

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Notebook:
    """One run of a solved notebook: wall and CPU seconds, kernel start included; its cards, and how many are green.

    stopped: the exception that ended it early, "" when it ran to its end.
    """

    wall: float
    cpu: float
    cards: int
    green: int
    stopped: str = ""


@dataclass(frozen=True)
class Chapter:
    """A chapter's name ("06_pytorch"), its notebook, and its milestones on the CPU and on a GPU (if there is one).

    trouble: the exception that ended the measuring of milestones early, "" when all were measured.
    """

    name: str
    notebook: Notebook
    cpu: tuple[Milestone, ...]
    gpu: tuple[Milestone, ...] = ()
    trouble: str = ""


def run_notebook(text: Path) -> Notebook:
    """Run a chapter's text from top to bottom in a kernel of its own; a cell that fails ends the run."""
    import jupytext
    import nbclient

    notebook = jupytext.read(text)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPATH"] = str(ROOT)  # the kernel's working folder is elsewhere
        resources = {"metadata": {"path": folder}}
        client = nbclient.NotebookClient(notebook, timeout=1800, kernel_name="python3", resources=resources)
        stopped = ""
        try:
            client.execute()
        except nbclient.exceptions.CellExecutionError as error:
            stopped = f"{error.ename}: {error.evalue}"[:100]
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cards = [
        output.data.get("text/html", "")
        for cell in notebook.cells
        if str(cell.metadata.get("nbgrader", {}).get("grade_id", "")).endswith("-check")
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Notebook(wall, cpu, len(cards), sum("dlc-correct" in card for card in cards), stopped)


def machine(threads: int) -> str:
    """Say in words what this machine is: cores, processor, versions, GPU."""
    import numpy
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    used = "one thread" if threads == 1 else f"{threads} threads"
    versions = f"NumPy {numpy.__version__}, torch {torch.__version__.partition('+')[0]}"
    kind = f"{platform.system()} on {platform.machine()}, {cores} core{'s' if cores > 1 else ''}, {used} used"
    return f"{kind}; {gpu};\nPython {platform.python_version()}, {versions}"
