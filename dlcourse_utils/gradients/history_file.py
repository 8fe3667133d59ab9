"""A History in one .npz file: arrays and texts only, never a pickle."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CourseError
from .history import History

_FORMAT = 1
_TABLES = ("of_params", "of_layers", "silent", "scalars")
_ARRAYS = ("steps", "trainable", "of_tags")
_TEXTS = (
    "every",
    "params",
    "layers",
    "shapes",
    "param_models",
    "optimizers",
    "kinds",
    "layer_models",
    "tags",
    "notes",
)


def save(history: History, path: str | Path) -> Path:
    """Write `history` and return the path, with .npz added when it is missing."""
    target = Path(path)
    if target.suffix != ".npz":
        target = target.with_name(target.name + ".npz")
    header = {"format": _FORMAT, **{name: getattr(history, name) for name in _TEXTS}}
    arrays: dict[str, np.ndarray] = {name: getattr(history, name) for name in _ARRAYS}
    for table in _TABLES:
        for key, values in getattr(history, table).items():
            # A name may hold any character, so it stands in the header and the file counts.
            arrays[f"{table}/{len(header.setdefault(f'names of {table}', []))}"] = values
            header[f"names of {table}"].append(key)
    arrays["header"] = np.asarray(json.dumps(header))
    half_written = target.with_name(target.name + ".part")
    with open(half_written, "wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    os.replace(half_written, target)
    return target


def load(path: str | Path) -> History:
    """Read what `save` wrote."""
    if not Path(path).exists():
        raise CourseError(f"There is no file {path}.")
    try:
        with np.load(path, allow_pickle=False) as file:
            header: dict[str, Any] = json.loads(str(file["header"]))
            arrays = {name: file[name] for name in file.files if name != "header"}
        if header["format"] != _FORMAT:
            raise CourseError(f"{path} was written by another version of this course (format {header['format']}).")
        tables = {
            table: {key: arrays[f"{table}/{i}"] for i, key in enumerate(header.get(f"names of {table}", []))}
            for table in _TABLES
        }
        fields: dict[str, Any] = {
            **{name: arrays[name] for name in _ARRAYS},
            **{name: tuple(header[name]) for name in _TEXTS if name != "every"},
            **tables,
            "every": int(header["every"]),
            "shapes": tuple(tuple(shape) for shape in header["shapes"]),
        }
        return History(**fields)
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile):
        raise CourseError(f"{path} is not a saved history; write one with history.save(…).") from None
