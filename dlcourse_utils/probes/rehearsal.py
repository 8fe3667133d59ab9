"""The warm parent's rehearsal: what a first cell, a first error and a first figure cost is paid before any fork.

IPython imports and builds much of itself when it first runs a cell, and more when it first explains an error. All that
is run here is our own; it is forgotten afterwards, so a fork's shell is like a new one.
"""

from __future__ import annotations

import contextlib
import io
import sys

from . import shell

CELLS = ("1", "def f():\n    raise NotImplementedError\nf()", "print(1)\nassert [1] == [2], 'no'")


def rehearse() -> None:
    """Build this process's shell, run a few cells in it, draw a figure, and leave no trace of them."""
    made = shell.start(lambda output: None)
    new = dict(made.user_ns)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = shell.Stream("stdout", 1), shell.Stream("stderr", 2)
    try:
        for source in CELLS:
            made.run_cell(source, store_history=True)
    finally:
        sys.stdout, sys.stderr = streams
    made.reset(new_session=True)
    for name in ("_i", "_ii", "_iii", "_i00"):
        setattr(made.history_manager, name, "")
    for name, value in new.items():
        made.user_ns.setdefault(name, value)  # "_" and "__spec__" are in a new shell, and not in one that was reset
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            delattr(sys, name)
    with contextlib.suppress(ImportError):
        _draw()


def _draw() -> None:
    """Load the fonts. No pyplot: a notebook's first figure is to find it as it is in a new kernel."""
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set_title("0")
    figure.savefig(io.BytesIO(), format="png")
