"""Plain data: the only thing that crosses between learner code and the judge.

None, bool, int, float, str, NumPy arrays of numbers, lists, tuples, dicts with string keys, and three small
records: `Tensor` (an array that was a torch tensor), `Opaque` (something that is no data, named by its type)
and `Recipe` (how the learner's side shall build something that is no data).
"""

from __future__ import annotations

import copy
import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_DEPTH = 16  # nesting of lists and dicts; deeper things become Opaque
MAX_ITEMS = 100_000  # elements of all lists and dicts of one value together
_KINDS = "biufc"  # dtype kinds that are numbers


@dataclass(frozen=True)
class Opaque:
    """A value that is no data; `type_name` says what it was."""

    type_name: str
    detail: str = ""


@dataclass(frozen=True)
class Tensor:
    """What a torch tensor held: its values as an array, and facts about it."""

    array: np.ndarray
    dtype: str = "float32"
    device: str = "cpu"
    requires_grad: bool = False


@dataclass(frozen=True)
class Recipe:
    """Names a builder registered with `@recipe`, and its settings (plain data)."""

    name: str
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __init__(self, name: str, **kwargs: Any) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "kwargs", kwargs)

    def build(self) -> Any:
        """Build the thing. Raises KeyError for an unknown recipe."""
        from .registry import find_recipe

        return find_recipe(self.name)(**copy.deepcopy(self.kwargs))


def to_data(value: Any) -> Any:
    """Return a copy of `value` as plain data; what is none becomes `Opaque`."""
    return _Converter().convert(value, 0)


def build(value: Any) -> Any:
    """Return what learner code gets for a case's input: a fresh copy, recipes built, tensors made."""
    if isinstance(value, Recipe):
        return value.build()
    if isinstance(value, Tensor):
        return _torch_tensor(value)
    if isinstance(value, np.ndarray):
        return value.copy(order="K")  # layout kept: a non-contiguous input stays one
    if isinstance(value, (list, tuple)):
        return type(value)(build(item) for item in value)
    if isinstance(value, dict):
        return {key: build(item) for key, item in value.items()}
    return value


def _torch_tensor(value: Tensor) -> Any:
    import torch

    tensor = torch.from_numpy(value.array.copy()).to(getattr(torch, value.dtype))
    return tensor.requires_grad_(value.requires_grad)


class _Converter:
    """Counts items while it walks, so that a value that never ends stops the walk, not the process."""

    def __init__(self) -> None:
        self.items = 0

    def convert(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is float:
            return value
        if kind is int:
            return value if abs(value) < 2**64 else Opaque("int", "more than 64 bits")
        if kind is np.str_:
            return str(value)
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, np.ndarray):
            return self._array(value)
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self._tensor(torch, value)
        if isinstance(value, (list, tuple, dict)):
            return self._container(value, depth)
        return Opaque(kind.__name__)

    def _scalar(self, value: np.generic) -> Any:
        if value.dtype.kind not in _KINDS:
            return Opaque(type(value).__name__)
        if value.dtype.kind == "c":
            return np.array(value)
        return float(value) if value.dtype.kind == "f" else value.item()

    def _array(self, value: np.ndarray) -> Any:
        plain = np.array(value, copy=True, order="K", subok=False)  # a subclass may lie about its own values
        if plain.dtype.kind == "O":
            return Opaque("ndarray", "an array of Python objects")
        if plain.dtype.kind not in _KINDS:
            return plain.tolist() if plain.dtype.kind == "U" else Opaque("ndarray", f"dtype {plain.dtype}")
        if plain.dtype.itemsize > 8 and plain.dtype.kind == "f":  # longdouble differs between machines
            plain = plain.astype(np.float64)
        return plain.astype(plain.dtype.newbyteorder("="), copy=False)

    def _tensor(self, torch: Any, value: Any) -> Any:
        plain = value.detach().to("cpu").resolve_conj()
        if plain.layout != torch.strided:
            plain = plain.to_dense()
        dtype = str(value.dtype).removeprefix("torch.")
        array = plain.float().numpy() if dtype == "bfloat16" else plain.numpy()
        return Tensor(array.copy(), dtype, str(value.device), bool(value.requires_grad))

    def _container(self, value: Any, depth: int) -> Any:
        # A copy, because a thread may change the original while it is walked, made by the class itself: a subclass may
        # never stop handing out items.
        plain: Any
        if isinstance(value, dict):
            plain = dict.copy(value)
        else:
            plain = list.copy(value) if isinstance(value, list) else tuple.__getitem__(value, slice(None))
        self.items += len(plain)
        if depth >= MAX_DEPTH or self.items > MAX_ITEMS:
            return Opaque(type(value).__name__, "too deep or too long")
        if isinstance(plain, dict):
            if not all(type(key) is str for key in plain):
                return Opaque("dict", "keys that are not strings")
            return {key: self.convert(item, depth + 1) for key, item in plain.items()}
        items = [self.convert(item, depth + 1) for item in plain]
        return items if isinstance(plain, list) else tuple(items)
