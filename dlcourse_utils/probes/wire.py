"""Plain data as bytes and back, without pickle: a JSON header, then the arrays' raw numbers.

Layout: 4 bytes magic, 4 bytes header length (little endian), the header (UTF-8 JSON), the arrays one after the
other, each in its own memory order. `unpack` trusts nothing: sizes are checked before anything is parsed or allocated.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any, Literal

import numpy as np

from .data import MAX_DEPTH, MAX_ITEMS, Opaque, Recipe, Tensor

MAGIC = b"DLC1"
MAX_BYTES = 64 * 2**20
MAX_HEADER = 8 * 2**20
MAX_NAME = 200  # characters of an Opaque's words, which a card shows
_DTYPES = {
    np.dtype(name).str: np.dtype(name)
    for name in (
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    )
}


class WireError(ValueError):
    """The bytes are not a message of ours, or larger than allowed."""


def pack(data: Any) -> bytes:
    """Return `data` as bytes. Raises TypeError for anything that is not plain data."""
    arrays: list[np.ndarray] = []
    tree = _encode(data, arrays)
    described = [[a.dtype.str, list(a.shape), _order(a)] for a in arrays]
    text = json.dumps({"tree": tree, "arrays": described}, allow_nan=False).encode("utf-8", "surrogatepass")
    return MAGIC + struct.pack("<I", len(text)) + text + b"".join(a.tobytes(order=_order(a)) for a in arrays)


def unpack(message: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """Return the data in `message`. Raises WireError when it is malformed or larger than `max_bytes`."""
    if len(message) > max_bytes:
        raise WireError(f"a message of {len(message):,} bytes is larger than the {max_bytes:,} allowed")
    if message[:4] != MAGIC or len(message) < 8:
        raise WireError("not a message of this program")
    (size,) = struct.unpack("<I", message[4:8])
    if size > min(MAX_HEADER, len(message) - 8):
        raise WireError("the message's header is cut off or too large")
    try:
        header = json.loads(message[8 : 8 + size].decode("utf-8", "surrogatepass"))
        arrays = _read_arrays(header["arrays"], memoryview(message)[8 + size :])
        return _Decoder(arrays).decode(header["tree"], 0)
    except WireError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"a malformed message ({type(error).__name__})") from error


def _encode(value: Any, arrays: list[np.ndarray]) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"f": repr(value)}
    if isinstance(value, np.ndarray):
        return {"a": _store(value, arrays)}
    if isinstance(value, Tensor):
        return {"T": [_store(value.array, arrays), value.dtype, value.device, value.requires_grad]}
    if isinstance(value, Opaque):
        return {"o": [value.type_name, value.detail]}
    if isinstance(value, Recipe):
        return {"r": [value.name, _encode(value.kwargs, arrays)]}
    if isinstance(value, list):
        return {"l": [_encode(item, arrays) for item in value]}
    if isinstance(value, tuple):
        return {"t": [_encode(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {"d": {key: _encode(item, arrays) for key, item in value.items()}}
    raise TypeError(f"{type(value).__name__} is not plain data")


def _store(array: np.ndarray, arrays: list[np.ndarray]) -> int:
    if array.dtype.str not in _DTYPES:
        raise TypeError(f"arrays of dtype {array.dtype} do not cross")
    arrays.append(array)
    return len(arrays) - 1


def _order(array: np.ndarray) -> Literal["C", "F"]:
    """Column-major arrays stay so: a learner's slip may depend on how an input lies in memory."""
    return "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"


def _read_arrays(described: Any, raw: memoryview) -> list[np.ndarray]:
    arrays = []
    start = 0
    for name, shape, order in described:
        dtype = _DTYPES[name]
        if order not in ("C", "F") or len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
            raise WireError("an array with an impossible shape")
        count = math.prod(shape)
        end = start + count * dtype.itemsize
        if end > len(raw):
            raise WireError("an array is cut off")
        arrays.append(np.frombuffer(raw[start:end], dtype=dtype).reshape(shape, order=order).copy(order="K"))
        start = end
    if start != len(raw):
        raise WireError("bytes are left over after the last array")
    return arrays


class _Decoder:
    def __init__(self, arrays: list[np.ndarray]) -> None:
        self.arrays = arrays
        self.items = 0

    def decode(self, tree: Any, depth: int) -> Any:
        if not isinstance(tree, dict):
            if isinstance(tree, list):
                raise WireError("a bare list")
            if type(tree) is int and abs(tree) >= 2**64:
                raise WireError("a whole number of more than 64 bits")
            return tree
        if depth > 2 * MAX_DEPTH or len(tree) != 1:
            raise WireError("nested too deeply, or not of our form")
        ((kind, body),) = tree.items()
        if kind in "lt" or kind == "d":
            self.items += len(body)
            if self.items > 2 * MAX_ITEMS:
                raise WireError("too many items")
        if kind == "f":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[body]
        if kind == "a":
            return self.arrays[_index(body)]
        if kind == "T":
            index, dtype, device, requires_grad = body
            return Tensor(self.arrays[_index(index)], str(dtype), str(device), bool(requires_grad))
        if kind == "o":
            type_name, detail = body
            return Opaque(str(type_name)[:MAX_NAME], str(detail)[:MAX_NAME])
        if kind == "r":
            name, kwargs = body
            return Recipe(str(name), **self.decode(kwargs, depth + 1))
        if kind == "d":
            return {key: self.decode(item, depth + 1) for key, item in body.items()}
        if kind in ("l", "t"):
            items = [self.decode(item, depth + 1) for item in body]
            return items if kind == "l" else tuple(items)
        raise WireError("an unknown kind of value")


def _index(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("an array that is not there")
    return value
