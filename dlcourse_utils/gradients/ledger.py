"""The book a recorder writes into, one row a sampled step, and the History it adds up to.

Rows are dictionaries, because a layer may appear, disappear or be frozen while training runs; `history()`
lays them out as rectangular tables with NaN where nothing was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .history import History
from .tables import LAYER_TABLES, PARAM_TABLES


@dataclass
class ParamFacts:
    """What does not change about a parameter: its shape, its model's name, who updates it."""

    shape: tuple[int, ...]
    model: str = ""
    optimizer: str = ""
    trainable: bool = True


@dataclass
class LayerFacts:
    """What kind of layer made an activation ("ReLU", "Conv2d", …) and in which model."""

    kind: str = ""
    model: str = ""


@dataclass
class Row:
    """Everything seen at one sampled step."""

    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    layers: dict[str, dict[str, Any]] = field(default_factory=dict)
    silent: dict[str, np.ndarray] = field(default_factory=dict)
    tagged: dict[tuple[str, str], float] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)


class Ledger:
    """Rows by step, and what is known about each name, in the order in which names first appeared."""

    def __init__(self, every: int) -> None:
        self.every = every
        self.params: dict[str, ParamFacts] = {}
        self.layers: dict[str, LayerFacts] = {}
        self.rows: dict[int, Row] = {}
        self.notes: list[str] = []

    def row(self, step: int) -> Row:
        return self.rows.setdefault(step, Row())

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def history(self) -> History:
        steps = sorted(self.rows)
        rows = [self.rows[s] for s in steps]
        facts = list(self.params.values())
        tags = list(dict.fromkeys(tag for row in rows for tag, _ in row.tagged))
        scalars = list(dict.fromkeys(name for row in rows for name in row.scalars))
        return History(
            steps=np.asarray(steps, dtype=np.int64),
            every=self.every,
            params=tuple(self.params),
            layers=tuple(self.layers),
            of_params=_tables(PARAM_TABLES, [row.params for row in rows], list(self.params)),
            of_layers=_tables(LAYER_TABLES, [row.layers for row in rows], list(self.layers)),
            shapes=tuple(f.shape for f in facts),
            param_models=tuple(f.model for f in facts),
            optimizers=tuple(f.optimizer for f in facts),
            trainable=np.asarray([f.trainable for f in facts], dtype=bool),
            kinds=tuple(f.kind for f in self.layers.values()),
            layer_models=tuple(f.model for f in self.layers.values()),
            silent=_silent([row.silent for row in rows]),
            tags=tuple(tags),
            of_tags=np.asarray(
                [[[row.tagged.get((t, p), np.nan) for p in self.params] for t in tags] for row in rows]
            ).reshape(len(rows), len(tags), len(self.params)),
            scalars={n: np.asarray([row.scalars.get(n, np.nan) for row in rows], dtype=float) for n in scalars},
            notes=tuple(self.notes),
        )


def _tables(widths: dict[str, int], rows: list[dict[str, dict[str, Any]]], names: list[str]) -> dict[str, np.ndarray]:
    """Lay rows out as {table: (S, names) or (S, names, width)} float arrays."""
    column = {name: j for j, name in enumerate(names)}
    # the histograms are most of it: single precision is plenty for them
    out = {
        t: np.full((len(rows), len(names), w), np.nan, dtype=np.float32)
        if w
        else np.full((len(rows), len(names)), np.nan)
        for t, w in widths.items()
    }
    for i, row in enumerate(rows):
        for name, values in row.items():
            for table, value in values.items():
                out[table][i, column[name]] = value
    return out


def _silent(rows: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Stack the units' masks: 1 silent, 0 heard, −1 not seen then, also where a layer was narrower."""
    out: dict[str, np.ndarray] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        width = max(row[name].size for row in rows if name in row)
        mask = np.full((len(rows), width), -1, dtype=np.int8)
        for i, row in enumerate(rows):
            if name in row:
                mask[i, : row[name].size] = row[name]
        out[name] = mask
    return out
