"""`with record(model, optimizer) as rec:` around a training loop that stays as it is."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import CourseError
from ..history import History
from ..ledger import LayerFacts, Ledger, ParamFacts
from ..recorder import whole_steps
from .arguments import check_pairs, named_models, named_optimizers
from .modules import clean, is_compiled, watched_layers
from .sampling import Sampler
from .window import Window

if TYPE_CHECKING:
    import torch


def record(
    model: torch.nn.Module | Mapping[str, torch.nn.Module],
    optimizer: torch.optim.Optimizer | Sequence[torch.optim.Optimizer] | Mapping[str, torch.optim.Optimizer],
    *,
    every: int = 10,
    scaler: Any = None,
    activations: bool = True,
) -> Recording:
    """Record every `every`-th step of each optimizer, from backward pass to update.

        with record(model, optimizer, every=10) as rec:
            ...the training loop, unchanged...
        rec.history.plot_flow()

    model        a module, or {"G": G, "D": D}
    optimizer    one, or a list or dict of several; its own steps are the clock
    scaler       the AMP GradScaler, if you use one: raw gradients are then shown without its factor
    activations  False records parameters only

    A network's activations are those of all passes since its optimizer's last step: a discriminator's
    include the pass in which its generator was trained. Training is bit for bit what it would be without.
    Between two samples one hook on each optimizer counts its steps, and there is no other; after the block, also
    after an error, there is none. What is exact and what is sampled says History; what it costs,
    docs/benchmarks/recording.md. Passes under `torch.no_grad()` are not recorded.
    Inside torch.compile'd parts activations cannot be seen; a warning says so and the parameters are recorded
    all the same.
    Raises CourseError for a model without parameters or an optimizer that belongs to another model.
    """
    models = named_models(model)
    optimizers = named_optimizers(optimizer)
    check_pairs(models, optimizers)
    return Recording(models, optimizers, whole_steps(every), scaler, activations)


class Recording:
    """What `record` returns: a context manager that holds the history."""

    def __init__(
        self,
        models: dict[str, torch.nn.Module],
        optimizers: dict[str, torch.optim.Optimizer],
        every: int,
        scaler: Any,
        activations: bool,
    ) -> None:
        self._ledger = Ledger(every)
        self._running = False
        names, owners = self._note_parameters(models, optimizers)
        layers = self._note_layers(models, optimizers, owners) if activations else {label: {} for label in optimizers}
        sampler = Sampler()
        self._windows = [
            Window(self._ledger, optimizer, names, layers[label], sampler, scaler)
            for label, optimizer in optimizers.items()
        ]

    def _note_parameters(
        self, models: dict[str, torch.nn.Module], optimizers: dict[str, torch.optim.Optimizer]
    ) -> tuple[dict[int, str], dict[int, str]]:
        owners = {id(p): label for label, o in optimizers.items() for g in o.param_groups for p in g["params"]}
        names: dict[int, str] = {}
        for prefix, model in models.items():
            for name, p in model.named_parameters():
                if id(p) in names:
                    continue  # two models share it: it keeps its first name
                names[id(p)] = full = _join(prefix, clean(name))
                owner = owners.get(id(p), "")
                self._ledger.params[full] = ParamFacts(tuple(p.shape), prefix, owner, p.requires_grad)
        return names, owners

    def _note_layers(
        self,
        models: dict[str, torch.nn.Module],
        optimizers: dict[str, torch.optim.Optimizer],
        owners: dict[int, str],
    ) -> dict[str, dict[str, torch.nn.Module]]:
        """Share the layers out among the optimizers: each goes with the one that updates it."""
        import torch

        shares: dict[str, dict[str, torch.nn.Module]] = {label: {} for label in optimizers}
        for prefix, model in models.items():
            layers, blind = watched_layers(model)
            labels = [owners[id(p)] for p in model.parameters() if id(p) in owners]
            for name, layer in layers.items():
                own = [owners[id(p)] for p in layer.parameters() if id(p) in owners]
                full = _join(prefix, name)
                shares[(own or labels)[0]][full] = layer
                self._ledger.layers[full] = LayerFacts(type(layer).__name__, prefix)
                if isinstance(layer, torch.nn.RNNBase):
                    self._ledger.note(
                        f"{full} computes all time steps at once, so the gradient of its output shows only "
                        f"what the loss sends to each step directly, not what flows through time; it is left "
                        f"out. "
                        f"See it with through_time(…)."
                    )
            if blind or is_compiled(model):
                place = ", ".join(_join(prefix, b) for b in blind if b) or prefix or "the model"
                sentence = (
                    f"Activations inside torch.compile'd or scripted code cannot be seen ({place}); "
                    f"gradients, weights and updates are recorded. Record the model uncompiled to see both."
                )
                self._ledger.note(sentence)
                warnings.warn(sentence, stacklevel=5)
        return shares

    @property
    def history(self) -> History:
        """What was recorded so far, inside the block as well as after it."""
        return self._ledger.history()

    def __enter__(self) -> Recording:
        if self._running:
            raise CourseError("This recording is already running; call record(…) again for a second one.")
        self._running = True
        for window in self._windows:
            window.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._running = False
        for window in self._windows:
            window.stop()

    @contextlib.contextmanager
    def loss(self, tag: str) -> Iterator[None]:
        """Inside this block, gradients that a backward pass makes are also kept under `tag`, say "fake"."""
        handles = [handle for window in self._windows for handle in window.tag(str(tag))]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def log(self, **numbers: Any) -> None:
        """Keep numbers such as loss=loss beside the gradients; a tensor is read at sampled steps only."""
        if any(window.armed for window in self._windows):
            kept = {name: _one_number(name, value) for name, value in numbers.items()}
            for window in self._windows:
                if window.armed:
                    window.scalars.update(kept)


def _one_number(name: str, value: Any) -> Any:
    """A number, or a tensor of one element that is read later, together with everything else."""
    if hasattr(value, "detach") and value.numel() == 1:
        return value.detach()
    try:
        return float(value)
    except (TypeError, ValueError):
        raise CourseError(f"log({name}=…) takes one number or a tensor with one element.") from None


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
