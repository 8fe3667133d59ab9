"""A cell's outputs, from whatever a worker sends to valid nbformat, bounded in size."""

from __future__ import annotations

import re
from typing import Any

MAX_OUTPUTS = 500
MAX_CHARACTERS = 8_000_000  # of all outputs of one cell, unless a limit says otherwise
MAX_LINES = 500  # of one traceback
MAX_KINDS = 20  # mime types of one output
# Longest text of a kind that is rendered; a longer one is left out, and its plain text stands for it. Rendering takes
# time that may grow with the square of the length.
RENDERED = {"text/html": 100_000, "text/markdown": 10_000, "text/latex": 10_000}
MAX_RENDERED = 500_000  # of one submission
_MIME = re.compile(r"[a-zA-Z0-9.+-]{1,60}/[a-zA-Z0-9.+-]{1,80}")


class Outputs:
    """Collects outputs in order; consecutive text of one stream becomes one output.

    rendered: characters of HTML and the like that earlier cells have used up. room: characters that are kept.
    """

    def __init__(self, rendered: int = 0, room: int = MAX_CHARACTERS) -> None:
        self.rendered = rendered
        self._outputs: list[dict[str, Any]] = []
        self._pieces: list[str] = []  # of the last output, when it is a stream
        self._ids: dict[str, list[int]] = {}
        self._room = room
        self._dropped = 0  # characters of text that found no room

    def add(self, output: Any) -> None:
        """File one output; what is malformed or beyond the limits is dropped."""
        if not isinstance(output, dict):
            return
        kind = output.get("output_type")
        if kind == "clear":
            self._outputs, self._pieces, self._ids = [], [], {}
        elif kind == "stream":
            self._stream("stderr" if output.get("name") == "stderr" else "stdout", str(output.get("text", "")))
        elif kind == "error":
            trace = output.get("traceback")
            lines = [str(line) for line in trace[:MAX_LINES]] if isinstance(trace, list) else []
            name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
            fresh = {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
            self._put(fresh, len(name) + len(value) + sum(map(len, lines)))
        elif kind in ("display_data", "execute_result"):
            self._rich(kind, output)

    def add_raw(self, written: bytes) -> None:
        """File what was written past Python, by other programs or libraries."""
        if written:
            self._stream("stdout", written.decode("utf-8", "replace"))

    def finished(self) -> list[dict[str, Any]]:
        """Return the outputs; how much text is missing is said at their end."""
        self._close_stream()
        if self._dropped:
            said = f"\n[{self._dropped:,} more characters are not kept]\n"
            self._outputs.append({"output_type": "stream", "name": "stdout", "text": said})
            self._dropped = 0
        return self._outputs

    def _stream(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else {}
        same = last.get("output_type") == "stream" and last.get("name") == name
        if not same and not self._put({"output_type": "stream", "name": name, "text": ""}, 0):
            return
        kept = text[: self._room]
        self._room -= len(kept)
        self._dropped += len(text) - len(kept)
        self._pieces.append(kept)

    def _close_stream(self) -> None:
        if self._pieces:
            self._outputs[-1]["text"] += "".join(self._pieces)
            self._pieces = []

    def _rich(self, kind: str, output: dict[str, Any]) -> None:
        data = self._bundle(output.get("data"))
        size = sum(map(len, data.values()))
        fresh: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            fresh["execution_count"] = count if type(count) is int else None
        transient = output.get("transient")
        known = str(transient.get("display_id"))[:200] if isinstance(transient, dict) else ""
        if isinstance(transient, dict) and transient.get("update") and self._ids.get(known):
            self._update(self._ids[known], data, size)
        elif self._put(fresh, size) and known:
            self._ids.setdefault(known, []).append(len(self._outputs) - 1)

    def _update(self, indices: list[int], data: dict[str, str], size: int) -> None:
        before = sum(len(text) for index in indices for text in self._outputs[index]["data"].values())
        if size * len(indices) - before > self._room:
            return
        self._room -= size * len(indices) - before
        for index in indices:
            self._outputs[index]["data"] = dict(data)

    def _put(self, output: dict[str, Any], size: int) -> bool:
        if size > self._room or len(self._outputs) >= MAX_OUTPUTS:
            return False
        self._close_stream()
        self._room -= size
        self._outputs.append(output)
        return True

    def _bundle(self, data: Any) -> dict[str, str]:
        """Return the texts among an output's data. What is JSON needs a program to show it, and may be of any depth."""
        kept: dict[str, str] = {}
        for mime, value in data.items() if isinstance(data, dict) else ():
            known = isinstance(mime, str) and _MIME.fullmatch(mime) and isinstance(value, str)
            if not known or len(kept) >= MAX_KINDS:
                continue
            if mime in RENDERED:
                if len(value) > min(RENDERED[mime], MAX_RENDERED - self.rendered):
                    continue
                self.rendered += len(value)
            kept[mime] = value
        kept.setdefault("text/plain", "")
        return kept
