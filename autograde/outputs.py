"""A cell's outputs, from whatever a worker sends to valid nbformat, bounded in size."""

from __future__ import annotations

import re
from typing import Any

MAX_OUTPUTS = 500
MAX_CHARACTERS = 8_000_000  # of all outputs of one cell
_MIME = re.compile(r"[a-zA-Z0-9.+-]+/[a-zA-Z0-9.+-]+")
_TEXT = ("name", "text", "ename", "evalue")


class Outputs:
    """Collects outputs in order; consecutive text of one stream becomes one output."""

    def __init__(self) -> None:
        self._outputs: list[dict[str, Any]] = []
        self._ids: dict[str, list[int]] = {}
        self._room = MAX_CHARACTERS

    def add(self, output: Any) -> None:
        """File one output; what is malformed or beyond the limits is dropped."""
        if not isinstance(output, dict):
            return
        kind = output.get("output_type")
        if kind == "clear":
            self._outputs, self._ids = [], {}
        elif kind == "stream":
            self._stream("stderr" if output.get("name") == "stderr" else "stdout", str(output.get("text", "")))
        elif kind == "error":
            trace = output.get("traceback")
            lines = [str(line) for line in trace] if isinstance(trace, list) else []
            self._put({"output_type": "error", "ename": str(output.get("ename", "")),
                       "evalue": str(output.get("evalue", "")), "traceback": lines}, sum(map(len, lines)))
        elif kind in ("display_data", "execute_result"):
            self._rich(kind, output)

    def add_raw(self, written: bytes) -> None:
        """File what was written past Python, by other programs or libraries."""
        if written:
            self._stream("stdout", written.decode("utf-8", "replace"))

    def finished(self) -> list[dict[str, Any]]:
        """Return the outputs."""
        return self._outputs

    def _stream(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name and self._room >= len(text):
            last["text"] += text
            self._room -= len(text)
        else:
            self._put({"output_type": "stream", "name": name, "text": text}, len(text))

    def _rich(self, kind: str, output: dict[str, Any]) -> None:
        data = _bundle(output.get("data"))
        fresh: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            fresh["execution_count"] = count if type(count) is int else None
        transient = output.get("transient")
        known = str(transient.get("display_id")) if isinstance(transient, dict) else ""
        if isinstance(transient, dict) and transient.get("update") and self._ids.get(known):
            for index in self._ids[known]:
                self._outputs[index]["data"] = data
            return
        if self._put(fresh, sum(len(str(v)) for v in data.values())) and known:
            self._ids.setdefault(known, []).append(len(self._outputs) - 1)

    def _put(self, output: dict[str, Any], size: int) -> bool:
        if size > self._room or len(self._outputs) >= MAX_OUTPUTS:
            return False
        self._room -= size
        self._outputs.append(output)
        return True


def _bundle(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {"text/plain": ""}
    kept = {}
    for mime, value in data.items():
        if isinstance(mime, str) and _MIME.fullmatch(mime):
            kept[mime] = value if mime.endswith("json") else str(value)
    kept.setdefault("text/plain", "")
    return kept
