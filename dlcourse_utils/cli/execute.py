"""Runs a notebook's code cells in this process and writes down what each check said.

    python -m dlcourse_utils.cli.execute NOTEBOOK LOG SECONDS

One JSON object a line goes to LOG at once, so that what came before a crash is kept:
{"cell": i, "number": k, "of": n} as a cell starts, {"result": {...}} for every check,
{"error": "…", "cell": i, "status": "broken" or "timed_out"} for a cell that raised, {"done": true} at the end.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from ..workspace.notebook import read_notebook, source, tags


class Clock:
    """Stops a cell after `seconds`, as the stop button would, and again each second after that."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rang = False
        self.possible = hasattr(signal, "setitimer")  # not on Windows: the parent process stops us there
        if self.possible:
            signal.signal(signal.SIGALRM, self._ring)

    def __enter__(self) -> "Clock":
        self.rang = False
        if self.possible:
            signal.setitimer(signal.ITIMER_REAL, self.seconds, 1.0)
        return self

    def __exit__(self, *_: object) -> None:
        if self.possible:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, *_: object) -> None:
        self.rang = True
        raise KeyboardInterrupt


def record_checks(write: Callable[[dict[str, Any]], None], clock: Clock) -> None:
    """Make `check` write down its result as well as return it."""
    import dlcourse_utils
    from dlcourse_utils import checks

    original = checks.check

    def check(exercise_id: str, *attempt: Any, **keywords: Any) -> Any:
        result = original(exercise_id, *attempt, **keywords)
        write({"result": summary(result, timed_out=clock.rang)})
        return result

    for module in (dlcourse_utils, checks):
        setattr(module, "check", check)  # noqa: B010 (mypy rightly minds a plain assignment)


def summary(result: Any, timed_out: bool) -> dict[str, Any]:
    """Give the facts of a Result that the table shows."""
    said = ["it was stopped when its time was up; if a loop never ends, look at its condition"] if timed_out else []
    said += result.notes
    if result.diagnosis is not None:
        said.insert(0, result.diagnosis.message)
    elif result.failure is not None and result.status != "not_attempted":
        said.append(f"{result.failure.name}: {result.failure.verdict.sentence}")
    return {
        "id": result.exercise_id,
        "title": result.title,
        "status": "timed_out" if timed_out else result.status,
        "points": float(result.points),
        "max_points": float(result.max_points),
        "says": said[0] if said else "",
    }


def in_a_line(error: BaseException) -> str:
    """Give an exception's kind and message on one line; a syntax error's place is its line in the cell."""
    said = f"{error.msg} (line {error.lineno})" if isinstance(error, SyntaxError) else str(error)
    return " ".join(f"{type(error).__name__}: {said}".split())[:300]


def run(path: Path, log: TextIO, seconds: float) -> None:
    """Run the code cells from the top; a cell that raises does not stop the ones below it."""
    os.environ["MPLBACKEND"] = "Agg"  # before anything imports matplotlib

    def write(entry: dict[str, Any]) -> None:
        log.write(json.dumps(entry) + "\n")
        log.flush()

    cells = read_notebook(path)["cells"]
    # Long illustrations are left out: no exercise depends on them.
    code = [(i, source(c)) for i, c in enumerate(cells) if c["cell_type"] == "code" and "demo" not in tags(c)]
    os.chdir(path.resolve().parent)
    sys.path.insert(0, os.getcwd())
    clock = Clock(seconds)
    record_checks(write, clock)
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance(colors="NoColor")
    for number, (i, text) in enumerate(code, 1):
        write({"cell": i, "number": number, "of": len(code)})
        error: BaseException | None
        try:
            with clock:
                outcome = shell.run_cell(text, store_history=False)
            error = outcome.error_before_exec or outcome.error_in_exec
        except KeyboardInterrupt as interrupt:  # one that IPython did not catch itself
            error = interrupt
        if clock.rang:
            write({"error": f"the cell was stopped after {seconds:g} seconds", "cell": i, "status": "timed_out"})
        elif error is not None:
            write({"error": in_a_line(error), "cell": i, "status": "broken"})
    write({"done": True})


if __name__ == "__main__":
    notebook, log_path, limit = sys.argv[1:]
    with open(log_path, "w", encoding="utf-8") as file:
        run(Path(notebook), file, float(limit))
