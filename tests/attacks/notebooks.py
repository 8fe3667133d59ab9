"""Notebooks that are dangerous to read: each is refused in a sentence, or read without harm, before anything runs."""
# ruff: noqa: E501 - one entry of the table is one thought; sources stand as they are handed in

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class File:
    """A file handed in. refused: whether it must be; else it is read and keeps no output."""

    name: str
    raw: bytes
    refused: bool = True


def notebook(cells: list[Any], **more: Any) -> bytes:
    """Return a notebook file."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


def code(source: Any = "x", **more: Any) -> dict[str, Any]:
    """Return a code cell."""
    return {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None, **more}


DEEP: Any = 1
for _ in range(300):
    DEEP = {"a": DEEP}
HEAD = b'{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":{"a":'
FILES = [
    File("a million brackets", b"[" * 1_000_000),
    File("metadata 900 deep", HEAD + b"[" * 900 + b"]" * 900 + b"}}"),
    File("metadata 300 deep, in a cell", notebook([code(metadata={"x": DEEP})])),
    File("60,000 cells", notebook([code()] * 60_000)),
    File("20,000 cells of the old format", json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [
        {"cells": [{"cell_type": "code", "input": "x", "outputs": [], "language": "python"}] * 20_000}]}).encode()),
    File("a cell of seven million characters", notebook([code("x\n" * 3_500_000)])),
    File("a number of 5,000 digits", HEAD + b"9" * 5_000 + b"}}"),
    File("30,000 outputs of no known kind", notebook([code(outputs=[{"output_type": "zzz"}] * 30_000)]), refused=False),
    File("a forged score among the outputs", notebook([code(outputs=[{"output_type": "execute_result", "execution_count": 1,
         "data": {"text/plain": "10"}, "metadata": {}}])]), refused=False),
    File("numbers that are none", HEAD + b"[NaN, 1e999, -Infinity]}}", refused=False),
    File("half a character", notebook([code("a\ud800b")]), refused=False),
    File("a zero byte", notebook([code("a\0b")]), refused=False),
    File("a cell for a source", notebook([code([["a"]])])),
    File("cells that are a dict", notebook({"a": 1})),  # type: ignore[arg-type]
    File("worksheets that are a number", b'{"nbformat":3,"metadata":{},"worksheets":3}'),
    File("a version that is a list", b'{"nbformat":[4],"nbformat_minor":5,"metadata":{},"cells":[]}'),
    File("a minor version of a thousand million", notebook([code()], nbformat_minor=10**9), refused=False),
    File("a compressed notebook", b"\x1f\x8b\x08\0" + bytes(100)),
    File("nothing", b""),
]
