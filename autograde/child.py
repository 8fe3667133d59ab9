"""A worker in a plain process: no walls around it. What `--sandbox none` starts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dlcourse_utils.errors import CourseError

from .line import ChildGoneError, ChildTooSlowError, Line

__all__ = ["Child", "ChildGoneError", "ChildTooSlowError", "Line"]


class Child(Line):
    """A worker in a process group and a temporary folder of its own; `stop` leaves nothing of either."""

    def __init__(self) -> None:
        if os.name != "posix":  # alarms and pipes that can be waited on
            raise CourseError("Grading needs Linux or macOS.")
        self._folder = tempfile.TemporaryDirectory(prefix="dlcourse-run-", ignore_cleanup_errors=True)
        commands, self_commands = os.pipe()
        self_answers, answers = os.pipe()
        self_raw, raw = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dlcourse_utils.probes.worker"],
                stdin=commands,
                stdout=answers,
                stderr=raw,
                cwd=self._folder.name,
                env=environment(Path(self._folder.name)),
                start_new_session=True,
            )
        finally:
            for descriptor in (commands, answers, raw):
                os.close(descriptor)
        super().__init__(self_commands, self_answers, self_raw)
        self.wait_until_ready()

    def stop(self) -> None:
        """Kill the worker with everything it started, and remove its folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self.close_descriptors()
        self._folder.cleanup()

    def ending(self) -> str:
        """Say how the worker ended, in words; it is dead afterwards."""
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.stop()
            return "it closed the line to the grader"
        self.drain_raw()
        self.stop()
        if code < 0:
            return f"the process was ended by {signal.Signals(-code).name}"
        return f"the process ended itself with code {code}"


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a worker: little of ours, single-threaded, and the same on every run."""
    kept = {k: os.environ[k] for k in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "SYSTEMROOT") if k in os.environ}
    package = Path(__file__).resolve().parent.parent
    paths = [str(package), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "IPYTHONDIR": str(folder / ".ipython"),
        "MPLCONFIGDIR": _matplotlib_cache(),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }


def _matplotlib_cache() -> str:
    import matplotlib

    return matplotlib.get_cachedir()  # without its font cache every submission would search for fonts anew
