"""How chapter 06's exercises are run beside the learner's code: autograd, modules, training, checkpoints.

torch is imported inside the functions: this module is loaded in the NumPy chapters too.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from .registry import probe, recipe
from .torch_parts import (
    as_array,
    gradients_arrive,
    input_for,
    parameter_values,
    predictions,
    private_randomness,
    put_weights,
    said,
    seed_all,
    shapes_of,
    tensor,
)

Parts = Iterator[tuple[str, Any]]
Attempt = tuple[Any, ...]


@probe("ch06.pick_device")
def pick_device(attempt: Attempt, here: dict[str, bool], **wish: Any) -> Parts:
    """Ask on a made-up machine; a ValueError is an answer, and so is which devices it names."""
    import torch

    (function,) = attempt
    kinds = [*(kind for kind in ("cuda", "mps") if here[kind]), "cpu"]
    with (
        patch.object(torch.cuda, "is_available", lambda: here["cuda"]),
        patch.object(torch.cuda, "device_count", lambda: int(here["cuda"])),
        patch.object(torch.backends.mps, "is_available", lambda: here["mps"]),
        patch.object(torch.backends.mps, "is_built", lambda: here["mps"]),
    ):
        try:
            device = function(**wish)
        except ValueError as error:
            message = str(error).lower()
            yield "answer", "ValueError"
            yield "the message leaves out", ", ".join(kind for kind in kinds if kind not in message) or "nothing"
            absent = {"cuda", "mps"} - {*kinds, wish.get("prefer")}
            yield "the message names, though it is not there", ", ".join(k for k in absent if k in message) or "nothing"
            return
    yield "answer", device.type if isinstance(device, torch.device) else device
    yield "type", "torch.device" if isinstance(device, torch.device) else type(device).__name__


@recipe("ch06.function")
def function(kind: str) -> Callable[..., Any]:
    """A scalar function of tensors; the judge knows its slopes in closed form."""
    import torch

    def skips(a: Any, b: Any, c: Any) -> Any:
        return (a**2 * c).sum()

    functions: dict[str, Callable[..., Any]] = {
        "one": lambda x: (x**3).sum() + torch.log(x).sum(),
        "product": lambda x, w: torch.tanh(x @ w).sum(),
        "skips": skips,
        "two scales": lambda a, b: 1e10 * a.abs().sum() + (b**3).sum(),
    }
    return functions[kind]


@probe("ch06.gradients_of")
def gradients_of(
    attempt: Attempt, f: Callable[..., Any], values: list[np.ndarray], wants: list[bool], stale: list[bool]
) -> Parts:
    """Ask for gradients, and look at what is left on the caller's tensors."""
    import torch

    (function,) = attempt
    tensors = [torch.tensor(v, dtype=torch.float64, requires_grad=want) for v, want in zip(values, wants, strict=True)]
    for t, old in zip(tensors, stale, strict=True):
        t.grad = torch.full_like(t, 7.0).detach() if old else None
    gradients = function(f, *tensors)
    plain = isinstance(gradients, (tuple, list))
    yield "gradients", tuple(as_array(g) for g in gradients) if plain else gradients
    yield "gradients carry a graph", [said(getattr(g, "requires_grad", False)) for g in gradients] if plain else None
    yield "values", [as_array(t) for t in tensors]
    yield ".grad afterwards", [_left(t) for t in tensors]
    yield "requires_grad afterwards", [said(t.requires_grad) for t in tensors]


def _left(tensor: Any) -> str:
    """Say what stands in .grad, in words that read well on a card."""
    if tensor.grad is None:
        return "None"
    return "sevens, as before" if bool((tensor.grad == 7).all()) else "another gradient"


@probe("ch06.function")
def autograd_function(
    attempt: Attempt, x: np.ndarray, dout: np.ndarray, between: np.ndarray | None = None, gradcheck: bool = False
) -> Parts:
    """Run an autograd.Function forward and back; `between` runs it once more before the first goes back."""
    import torch

    (cls,) = attempt
    leaf = torch.tensor(x, requires_grad=True)
    out = cls.apply(leaf)
    yield "an autograd.Function", said(isinstance(cls, type) and issubclass(cls, torch.autograd.Function))
    yield "out", as_array(out)
    if between is not None:
        cls.apply(torch.tensor(between, requires_grad=True))
    (dx,) = torch.autograd.grad(out, leaf, torch.tensor(dout))
    yield "dx", as_array(dx)
    if gradcheck:
        yield "gradcheck agrees", said(torch.autograd.gradcheck(cls.apply, (leaf,), raise_exception=False))


@probe("ch06.mlp")
def mlp(attempt: Attempt, sizes: list[int], layers: list[dict[str, np.ndarray]], x: np.ndarray) -> Parts:
    """Build the learner's network, count, put known weights in, and run it forwards and backwards."""
    import torch

    (cls,) = attempt
    with private_randomness():
        model = cls(sizes)
        yield "an nn.Module", said(isinstance(model, torch.nn.Module))
        if not isinstance(model, torch.nn.Module):
            return
        model(input_for(model, x))  # layers that make their weights on first use
        yield "number of parameters", sum(int(np.prod(s)) for s in shapes_of(model))
        weights = [p for p in model.parameters() if p.dim() > 1]
        yield "starts from weights that differ", said(all(_varied(w) for w in weights))
        unfit = put_weights(model, layers)
        yield "layers", unfit or "as asked"
        if unfit:
            return
        model.eval()
        out, again = (as_array(model(input_for(model, x))) for _ in range(2))
        yield "same input, same output", said(np.array_equal(out, again) if isinstance(out, np.ndarray) else True)
        yield "logits", out
        trained = model.train()(input_for(model, x))
        yield "logits in training mode", as_array(trained)
        yield "a gradient for every parameter", gradients_arrive(model, trained)


def _varied(w: Any) -> bool:
    return w.numel() == 1 or bool((w != w.flatten()[0]).any())


@recipe("ch06.net")
def net(layers: list[dict[str, np.ndarray]], dtype: str = "float64", dropout: float = 0.0) -> Any:
    """Linear, ReLU, … Linear with the given weights; it notes its batches, its modes, and graphs that wait.

    A graph waits when another batch comes before the gradient has gone back through the last one. With `dropout` the
    input goes through a batch norm that has nothing to learn, and through dropout, first.
    """
    import torch

    class Net(torch.nn.Sequential):
        largest_batch, graphs, graphs_at_once = 0, 0, 0
        ran_in: tuple[str, ...] = ()

        def forward(self, x: Any) -> Any:
            self.largest_batch = max(self.largest_batch, len(x))
            self.ran_in += ("training" if self.training else "evaluation",)
            out = super().forward(x)
            if out.requires_grad:
                self.graphs += 1
                self.graphs_at_once = max(self.graphs_at_once, self.graphs)
                out.register_hook(self._went_back)
            return out

        def _went_back(self, _: Any) -> None:
            self.graphs -= 1

    parts: list[Any] = []
    for layer in layers:
        linear = torch.nn.Linear(layer["w"].shape[1], layer["w"].shape[0], dtype=getattr(torch, dtype))
        parts += [torch.nn.ReLU(), linear] if parts else [linear]
    if dropout:
        norm = torch.nn.BatchNorm1d(parts[0].in_features, affine=False, dtype=getattr(torch, dtype))
        parts = [norm, torch.nn.Dropout(dropout), *parts]
    model = Net(*parts)
    put_weights(model, layers)
    return model


@probe("ch06.training_step")
def training_step(
    attempt: Attempt,
    model: Any,
    batches: list[tuple[np.ndarray, np.ndarray]],
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
    training: bool = True,
    seed: int = 0,
) -> Parts:
    """One step per batch; `stale` puts gradients of that size on the parameters before the first.

    Where the model starts with a batch norm, what that has seen is told too.
    """
    import torch

    (step,) = attempt
    optimizer = _sgd(model.train(training), lr, momentum, stale)
    with private_randomness(seed):
        for number, (x, labels) in enumerate(batches, start=1):
            yield f"loss {number}", step(model, (tensor(x, "float64"), tensor(labels, "int64")), optimizer)
            yield f"parameters after step {number}", parameter_values(model)
    if isinstance(model[0], torch.nn.BatchNorm1d):
        yield "batches that batch norm has seen", int(as_array(model[0].num_batches_tracked))
        yield "running mean afterwards", as_array(model[0].running_mean)
        yield "running variance afterwards", as_array(model[0].running_var)
    yield "the model ran in", sorted(set(model.ran_in))
    yield "mode afterwards", "training" if model.training else "evaluation"


def _sgd(model: Any, lr: float, momentum: float, stale: float, weight_decay: float = 0.0) -> Any:
    import torch

    if stale:
        for p in model.parameters():
            p.grad = torch.full_like(p, stale).detach()
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)


@probe("ch06.accumulate")
def accumulate(
    attempt: Attempt,
    model: Any,
    batches: list[tuple[np.ndarray, np.ndarray]],
    lr: float,
    momentum: float = 0.0,
    stale: float = 0.0,
    weight_decay: float = 0.0,
    once: bool = False,
) -> Parts:
    """One update from several batches, twice in a row; with `once` they come from a generator."""
    (function,) = attempt
    optimizer = _sgd(model, lr, momentum, stale, weight_decay)
    for number in (1, 2):
        model.graphs = 0
        pairs: Any = ((tensor(x, "float64"), tensor(y, "int64")) for x, y in batches)
        yield f"loss {number}", function(model, pairs if once else list(pairs), optimizer)
        yield f"parameters after update {number}", parameter_values(model)
    yield "more than one batch at once", said(model.largest_batch > max(len(y) for _, y in batches))
    yield "graphs kept at once", model.graphs_at_once


@recipe("ch06.watched_net")
def watched_net(w: np.ndarray, b: np.ndarray, mean: np.ndarray, var: np.ndarray, training: bool) -> Any:
    """Batch norm, dropout, linear; it notes whether its forward pass recorded gradients."""
    import torch

    class Watched(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm = torch.nn.BatchNorm1d(len(mean), dtype=torch.float64)
            self.drop = torch.nn.Dropout(0.5)
            self.head = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
            self.recorded = False

        def forward(self, x: Any) -> Any:
            self.recorded = self.recorded or torch.is_grad_enabled()
            return self.head(self.drop(self.norm(x)))

    model = Watched()
    with torch.no_grad():
        model.norm.running_mean.copy_(torch.tensor(mean))  # type: ignore[union-attr]
        model.norm.running_var.copy_(torch.tensor(var))  # type: ignore[union-attr]
    put_weights(model.head, [{"w": w, "b": b}])
    return model.train(training)


@recipe("ch06.loader")
def loader(x: np.ndarray, labels: np.ndarray, batch_size: int, drop_last: bool = False, plain: bool = False) -> Any:
    """A DataLoader in the order of the rows, or (plain) a list of batches."""
    import torch

    data = torch.utils.data.TensorDataset(tensor(x, "float64"), tensor(labels, "int64"))
    batches = torch.utils.data.DataLoader(data, batch_size=batch_size, drop_last=drop_last)
    return list(batches) if plain else batches


@probe("ch06.evaluate")
def evaluate(attempt: Attempt, model: Any, loader: Any) -> Parts:
    """Evaluate once, and look at the model, and at torch's switch, afterwards."""
    import torch

    (function,) = attempt
    with private_randomness(), torch.enable_grad():  # leaving the block puts the switch back
        yield "accuracy", function(model, loader)
        still_on = torch.is_grad_enabled()
    yield "training afterwards", said(model.training)
    yield "running mean afterwards", as_array(model.norm.running_mean)
    yield "gradients were recorded", said(model.recorded)
    yield "parameters want gradients afterwards", said(all(p.requires_grad for p in model.parameters()))
    yield "recording is on afterwards", said(still_on)


@probe("ch06.dataset")
def dataset(attempt: Attempt, x: np.ndarray, y: np.ndarray, indices: Sequence[int], batch_size: int) -> Parts:
    """Ask for the length, single items, past the end, and let a DataLoader make batches."""
    import torch

    (cls,) = attempt
    data = cls(x, y)
    yield "len", len(data)
    for index in indices:
        item = data[index]
        yield f"item {index}", tuple(as_array(part) for part in item) if isinstance(item, (tuple, list)) else item
        yield f"types of item {index}", [_kind(part) for part in item] if isinstance(item, (tuple, list)) else []
    try:
        beyond = data[len(y)]
        yield "past the end", "None" if beyond is None else "an item"
    except IndexError:
        yield "past the end", "IndexError"
    batches = iter(torch.utils.data.DataLoader(data, batch_size=batch_size))
    yield "shapes of the first batch", [list(part.shape) for part in next(batches)]


def _kind(value: Any) -> str:
    import torch

    if isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} tensor with {_axes(value.dim())}"
    return f"no tensor but {type(value).__name__}"


def _axes(number: int) -> str:
    return {0: "no axes", 1: "1 axis"}.get(number, f"{number} axes")


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


@probe("ch06.torch_loss_and_grads")
def torch_loss_and_grads(attempt: Attempt, params: Any, x: np.ndarray, labels: np.ndarray) -> Parts:
    """Call the function with NumPy arrays and hand over its two results by name, twice: nothing may pile up.

    Counted along the way: did torch compute anything at all?
    """
    from torch.overrides import TorchFunctionMode

    class Watch(TorchFunctionMode):
        calls = 0

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.calls += 1
            return func(*args, **(kwargs or {}))

    (function,) = attempt
    watch = Watch()
    for name in ("", " when called again"):
        with watch:
            loss, grads = function(params, x, labels)
        yield f"loss{name}", loss
        yield f"grads{name}", [tuple(pair) for pair in grads] if isinstance(grads, (list, tuple)) else grads
    yield "computed with torch", said(watch.calls > 0)


@probe("ch06.fit")
def fit(attempt: Attempt, x: np.ndarray, labels: np.ndarray, seed: int, unseen: np.ndarray, again: bool) -> Parts:
    """Train on the rows given and hand over logits for rows never seen, twice.

    `again` trains a second time; without it, a few rows are trained on with two seeds.
    """
    import torch

    (train,) = attempt
    with private_randomness(1):
        model = train(x.copy(), labels.copy(), seed)
        yield "a Module", isinstance(model, torch.nn.Module)
        if not isinstance(model, torch.nn.Module):
            return
        yield "in training mode", bool(model.training)
        yield "logits", predictions(model, unseen)
        yield "logits of a second look", predictions(model, unseen)
    with private_randomness(2):
        if again:
            yield "logits after training again", predictions(train(x.copy(), labels.copy(), seed), unseen)
            return
        few = slice(None, None, 8)
        pair = [train(x[few].copy(), labels[few].copy(), s) for s in (seed, seed + 1)]
        models = [m if isinstance(m, torch.nn.Module) else None for m in pair]
        yield "logits of two seeds", [None if m is None else predictions(m, unseen[:5]) for m in models]
