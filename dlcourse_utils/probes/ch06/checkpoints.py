"""A run that is saved and taken up again."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import (
    as_array,
    private_randomness,
    seed_all,
)


@probe("ch06.checkpoint")
def checkpoint(
    attempt: Attempt, seed: int, optimizer: str, scheduler: bool, epochs: int, more: int, as_text: bool
) -> Parts:
    """Train, save, go on; then start another run from the file, and lay both side by side.

    The path is a pathlib.Path, or with `as_text` a str.
    """
    import torch

    save, load = attempt
    with private_randomness(seed), tempfile.TemporaryDirectory() as folder:
        path: Any = Path(folder) / "checkpoint.pt"
        path = str(path) if as_text else path
        first = _Run(seed, optimizer, scheduler)
        for _ in range(epochs):
            first.epoch()
        _keep_a_spare_number()
        before = _generators()
        save(path, first.model, first.optimizer, first.scheduler)
        yield "saving draws nothing", before == _generators()
        yield "there is a file", Path(path).is_file()
        if not Path(path).is_file():
            return
        yield "loads with weights_only=True", _loads_safely(torch, path)
        yield "uninterrupted", first.go_on(more)

        seed_all(seed + 1000)  # the machine was switched off; everything starts anew
        second = _Run(seed + 1, optimizer, scheduler)
        path = _moved(path)
        load(path, second.model, second.optimizer, second.scheduler)
        yield "resumed", second.go_on(more)


def _keep_a_spare_number() -> None:
    """Draw one normal number each: NumPy and Python make them in pairs and keep the second, which is state as well."""
    *_, has_spare, _ = np.random.get_state()
    if not has_spare:
        np.random.normal()
    random.gauss(0.0, 1.0)


def _moved(path: Any) -> Any:
    """Carry the one file to another folder, as to another machine, and return its new path, of the same type."""
    there = Path(path).parent / "another machine"
    there.mkdir()
    moved = Path(path).rename(there / Path(path).name)
    return str(moved) if isinstance(path, str) else moved


def _loads_safely(torch: Any, path: Any) -> bool:
    try:
        torch.load(path, weights_only=True)
    except Exception:  # pickle, zip and type errors alike mean no
        return False
    return True


def _generators() -> tuple[bytes, str, str]:
    import torch

    _, keys, *rest = np.random.get_state()
    return torch.get_rng_state().numpy().tobytes(), f"{np.asarray(keys).tobytes().hex()} {rest}", str(random.getstate())


class _Run:
    """A small training run in which all three generators take part: dropout, NumPy noise, Python's shuffle."""

    def __init__(self, seed: int, optimizer: str, scheduler: bool) -> None:
        import torch

        torch.manual_seed(seed)
        self.model = torch.nn.Sequential(
            torch.nn.Linear(3, 5), torch.nn.BatchNorm1d(5), torch.nn.Dropout(0.4), torch.nn.Linear(5, 2)
        )
        kinds: dict[str, Any] = {"adam": torch.optim.Adam, "momentum": torch.optim.SGD}
        settings = {"momentum": 0.9} if optimizer == "momentum" else {}
        self.optimizer = kinds[optimizer](self.model.parameters(), lr=0.05, **settings)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, 1, gamma=0.7) if scheduler else None

    def epoch(self) -> None:
        import torch

        x = torch.linspace(-1, 1, 24).reshape(8, 3)
        labels = torch.tensor([0, 1] * 4)
        order = list(range(8))
        random.shuffle(order)
        for rows in (order[:4], order[4:]):
            noise = torch.tensor(np.random.normal(size=(4, 3)), dtype=torch.float32)
            self.optimizer.zero_grad()
            torch.nn.functional.cross_entropy(self.model(x[rows] + 0.1 * noise), labels[rows]).backward()
            self.optimizer.step()
        if self.scheduler is not None:
            self.scheduler.step()

    def go_on(self, epochs: int) -> dict[str, Any]:
        """Return what there is now, then the weights after more epochs."""
        state = self.optimizer.state_dict()
        moments = [v for _, entry in sorted(state["state"].items()) for v in entry.values() if hasattr(v, "numpy")]
        facts: dict[str, Any] = {
            "weights": [as_array(p) for p in self.model.parameters()],
            "running averages": [as_array(b) for b in self.model.buffers()],
            "mode": "training" if self.model.training else "evaluation",
            "optimizer": [as_array(m) for m in moments],
            "learning rate": float(self.optimizer.param_groups[0]["lr"]),
            "scheduler": -1 if self.scheduler is None else int(self.scheduler.last_epoch),
        }
        facts |= dict(zip(("torch", "NumPy", "Python"), _digests(_generators()), strict=True))
        for _ in range(epochs):
            self.epoch()
        facts["weights in the end"] = [as_array(v) for v in self.model.state_dict().values()]
        return facts


def _digests(states: tuple[Any, ...]) -> list[int]:
    import zlib

    return [zlib.crc32(s if isinstance(s, bytes) else s.encode()) for s in states]
