"""What submissions did, kept: an unchanged submission is not run a second time.

The key covers everything that a run depends on: the cells and checks in their order, the seed, the limits, the walls,
this project's own code and the versions of what learner code imports.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import dlcourse_utils
from dlcourse_utils.errors import CourseError
from dlcourse_utils.probes import Observation
from dlcourse_utils.probes.wire import WireError, pack, unpack

from .atomic import write_bytes
from .plan import Step
from .runner import Limits, Ran

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "matplotlib", "torch", "ipython", "ipywidgets")
_LARGEST = 2**30


class RunCache:
    """A folder of runs. `None` in place of a folder keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def find(self, key: str, steps: Sequence[Step]) -> list[Ran] | None:
        """Return what was kept under `key`, or None; a damaged file counts as none."""
        if self.folder is None:
            return None
        try:
            plain = unpack((self.folder / key).read_bytes(), _LARGEST)
            return [_from_plain(p, steps[p["number"]]) for p in plain]
        except (OSError, WireError, KeyError, TypeError, ValueError, IndexError):
            return None

    def keep(self, key: str, steps: Sequence[Step], done: Sequence[Ran]) -> None:
        """Keep a run. A full disk loses the copy, not the grading."""
        if self.folder is None:
            return
        numbers = {id(step): number for number, step in enumerate(steps)}
        try:
            write_bytes(self.folder / key, pack([_to_plain(ran, numbers[id(ran.step)]) for ran in done]))
        except (CourseError, TypeError, ValueError):
            return


def key_of(steps: Sequence[Step], seed: int, limits: Limits, walls: str) -> str:
    """Return the key of a run."""
    cells = [[s.index, s.source, s.cell_id, s.exercise.id if s.exercise else None] for s in steps]
    text = json.dumps([cells, seed, asdict(limits), walls, _ours(), _theirs()], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _ours() -> str:
    digest = hashlib.sha256()
    for folder in (Path(dlcourse_utils.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _theirs() -> list[str]:
    versions = [sys.version]
    for name in _LIBRARIES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return versions


def _to_plain(ran: Ran, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "ending": ran.ending,
        "outputs": json.dumps(ran.outputs),
        "observations": [seen.to_plain() for seen in ran.observations],
        "error": list(ran.error),
        "missing": list(ran.missing),
        "said": ran.said,
        "seconds": ran.seconds,
    }


def _from_plain(plain: dict[str, Any], step: Step) -> Ran:
    return Ran(
        step=step,
        ending=plain["ending"],
        outputs=json.loads(plain["outputs"]),
        observations=[Observation.from_plain(p) for p in plain["observations"]],
        error=tuple(plain["error"]),
        missing=tuple(plain["missing"]),
        said=plain["said"],
        seconds=plain["seconds"],
    )
