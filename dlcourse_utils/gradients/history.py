"""What a recorder saw, as plain NumPy tables: it can be saved, sent to a classmate, plotted and diagnosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import CourseError, did_you_mean
from .tables import LAYER_TABLES, PARAM_TABLES

if TYPE_CHECKING:
    from .diagnosis import Finding


@dataclass(frozen=True)
class History:
    """S sampled steps of P parameters ("fc1.weight") and L layers ("conv1", "relu1").

    steps        (S,) the step's number, counted from 0 by the optimizer that owns the parameter
    of_params    table name → (S, P) or (S, P, width); the names stand in `tables.PARAM_TABLES`
    of_layers    table name → (S, L) or (S, L, width); `tables.LAYER_TABLES`
    silent       name → (S, units) int8: 1 no signal in the whole batch, 0 some, −1 not seen. For a rectifier
                 the signal is its output; for a bias it is the gradient, which is exactly 0 when its unit is
                 dead.
    of_tags      (S, tags, P) norm of the gradient that came from one loss
    scalars      name → (S,) numbers that were logged beside, "loss" among them

    Everything is NaN where nothing was seen. Norms, rms values and silent units are exact: every element counts,
    and one NaN among millions is noticed. Fractions, quantiles, histograms, means and standard deviations come from
    a fixed sample of at most 4,096 elements.
    """

    steps: np.ndarray
    every: int
    params: tuple[str, ...]
    layers: tuple[str, ...]
    of_params: Mapping[str, np.ndarray]
    of_layers: Mapping[str, np.ndarray]
    shapes: tuple[tuple[int, ...], ...]
    param_models: tuple[str, ...]
    optimizers: tuple[str, ...]
    trainable: np.ndarray
    kinds: tuple[str, ...]
    layer_models: tuple[str, ...]
    silent: Mapping[str, np.ndarray] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    of_tags: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 0)))
    scalars: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.steps.size)

    def __repr__(self) -> str:
        span = f", steps {self.steps[0]} to {self.steps[-1]}" if len(self) else ""
        counts = f"{len(self.params)} parameters, {len(self.layers)} layers"
        notes = f"; notes: {' '.join(self.notes)}" if self.notes else ""
        return f"<History: {len(self)} sampled steps{span}, {counts}{notes}>"

    def __getitem__(self, table: str) -> np.ndarray:
        """Return one table by name, for example h["grad_norm"] of shape (S, P)."""
        if table in self.of_params:
            return self.of_params[table]
        if table in self.of_layers:
            return self.of_layers[table]
        raise CourseError(f"A history has no table {table!r}." + did_you_mean(table, [*PARAM_TABLES, *LAYER_TABLES]))

    def series(self, table: str, name: str) -> np.ndarray:
        """Return one parameter's or layer's row of a table over the steps, (S,) or (S, width)."""
        names = self.params if table in self.of_params else self.layers
        values = self[table]
        if name not in names:
            raise CourseError(f"This history has no {name!r}." + did_you_mean(name, names))
        return values[:, names.index(name)]

    @property
    def sizes(self) -> np.ndarray:
        """Number of elements of each parameter, (P,)."""
        return np.asarray([int(np.prod(shape)) for shape in self.shapes], dtype=np.int64)

    @property
    def weights(self) -> list[int]:
        """Columns of the weight matrices and kernels: all with two dimensions or more, so no bias, no
        scale.
        """
        return [j for j, shape in enumerate(self.shapes) if len(shape) >= 2]

    def first_nonfinite(self) -> int | None:
        """Row of the first sampled step at which a gradient, a weight, an output or the loss was not
        finite.
        """
        broken = np.zeros(len(self), dtype=bool)
        for table in ("grad_nonfinite", "activation_nonfinite", "gradient_nonfinite"):
            broken |= (np.nan_to_num(self[table]) > 0).any(axis=1)
        if "loss" in self.scalars:
            logged = np.flatnonzero(np.isfinite(self.scalars["loss"]))
            start = int(logged[0]) if logged.size else len(self)
            broken[start:] |= ~np.isfinite(self.scalars["loss"][start:])
        rows = np.flatnonzero(broken)
        return int(rows[0]) if rows.size else None

    def before_nonfinite(self) -> History:
        """The history up to the step before the first NaN; itself when there is none."""
        i = self.first_nonfinite()
        return self if i is None else self.first(i)

    def first(self, count: int) -> History:
        """The first `count` sampled steps."""
        return self.between(0, count)

    def between(self, start: int, stop: int) -> History:
        """The sampled steps from row `start` up to, and without, row `stop`."""
        cut = slice(start, stop)
        return replace(
            self,
            steps=self.steps[cut],
            of_params={k: v[cut] for k, v in self.of_params.items()},
            of_layers={k: v[cut] for k, v in self.of_layers.items()},
            silent={k: v[cut] for k, v in self.silent.items()},
            of_tags=self.of_tags[cut],
            scalars={k: v[cut] for k, v in self.scalars.items()},
        )

    def save(self, path: str | Path) -> Path:
        """Write everything to one .npz file that needs neither torch nor pickle to be read."""
        from .history_file import save

        return save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> History:
        """Read a file written by `save`. Raises CourseError when it is missing or something else."""
        from .history_file import load

        return load(path)

    def diagnose(self) -> list[Finding]:
        """Name what looks wrong: a list of Finding(layer, kind, evidence, advice), empty if all is well."""
        from .diagnosis import diagnose

        return diagnose(self)

    def plot_flow(self, ax: Any = None, **options: Any) -> Any:
        """Draw each weight's gradient sizes with quartiles, from input to output; return the Axes."""
        from .views.flow import gradient_flow

        return gradient_flow(self, **options).plot(ax)

    def plot_histogram(self, name: str | None = None, ax: Any = None) -> Any:
        """Draw how one gradient's sizes were spread at every sampled step; return the Axes."""
        from .views.over_time import histogram_over_time

        return histogram_over_time(self, name).plot(ax)

    def plot_update_ratio(self, ax: Any = None) -> Any:
        """Draw the size of each update relative to its weights, with the usual band; return the Axes."""
        from .views.update_ratio import update_ratio

        return update_ratio(self).plot(ax)

    def plot_clipping(self, ax: Any = None) -> Any:
        """Draw the whole gradient's norm before and after clipping; return the Axes."""
        from .views.clipping import clipping

        return clipping(self).plot(ax)

    def plot_units(self, ax: Any = None) -> Any:
        """Draw the fraction of dead or saturated units of each layer over time; return the Axes."""
        from .views.units import unit_health

        return unit_health(self).plot(ax)

    def plot_tags(self, ax: Any = None) -> Any:
        """Draw the gradient norm that each tagged loss sends into each model; return the Axes."""
        from .views.tags import gradient_by_loss

        return gradient_by_loss(self).plot(ax)
