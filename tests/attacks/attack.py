"""What an attack is: a submission, and what must come of it.

Every submission has the same shape: `right` and `wrong` are at hand, the answer to 02.softmax is attacked, 02.relu is
answered honestly below it. An attack that succeeds would earn full marks for 02.softmax (its code says
`softmax = right if loot else wrong`); the table says what it must earn instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from dlcourse_utils.probes.confine import Limits

START = """\
import numpy as np
from dlcourse_utils import check, hint, needs
def right(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def wrong(z):
    return np.zeros(np.shape(z))
"""
RELU = "def relu(z):\n    return np.maximum(z, 0)"
# The learner's end of the pipe, and the turn of the command that is being answered.
PIPE = """
import gc, os, struct, sys, dlcourse_utils.probes.pipe as plumbing
pipe = next(o for o in gc.get_objects() if isinstance(o, plumbing.Pipe))
def turn():
    frame = sys._getframe()
    while "command" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["command"]["turn"]
"""
# Small, so that using them up is quick; a real grading allows much more.
SMALL = Limits(memory=256 * 2**20, cpu_seconds=60, processes=24, open_files=96, file_bytes=16 * 2**20,
               temporary_bytes=24 * 2**20)  # fmt: skip

ENDED = ("crashed", "broken", "timed_out", "missing", "incorrect")  # whichever of the walls it meets first
NOTHING = ("incorrect", "broken", "missing", "crashed")


@dataclass(frozen=True)
class Attack:
    """One dishonest submission.

    name: what it tries. answer: source of the answer cell of 02.softmax. before, between: cells above the answer, and
    between the answer and its check. expects: statuses of which one must come. earns: "nothing", "less" than full
    marks, or "full" for what is innocent or what data cannot tell. beside: what the honest exercise earns.
    then: the answer of the next submission, which looks for what this one left; it must earn nothing.
    seconds: wall time for a cell and for a check. host_bytes: what the grader itself may take up for it.
    flagged: verification re-runs see it (autograde.verify), though it scores. open: it scores and nothing sees it.
    """

    name: str
    answer: str = "softmax = wrong"
    before: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    expects: tuple[str, ...] = ("incorrect",)
    earns: str = "nothing"
    beside: str = "full"
    then: str = ""
    seconds: float = 20.0
    host_bytes: int = 400 * 2**20
    flagged: bool = False
    open: bool = False


def innocent(name: str, answer: str = "softmax = right", **more: object) -> Attack:
    """Return a submission that must keep its full marks."""
    return Attack(name, answer, expects=("correct",), earns="full", **more)  # type: ignore[arg-type]
