"""An IPython shell without a kernel: every output goes out as one nbformat dictionary, in order."""

from __future__ import annotations

import base64
import inspect
import io
import os
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

STREAM_CHARACTERS = 200_000  # of one cell; the rest is counted, not kept
DATA_CHARACTERS = 4_000_000  # of one rich output; a larger one is replaced by a word

Emit = Callable[[dict[str, Any]], None]
_emit: Emit = lambda output: None  # noqa: E731 - set by `start`; IPython builds the classes below itself


class Stream(io.TextIOBase):
    """Stands in for sys.stdout or sys.stderr; keeps the first part of what a cell writes."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, fd: int) -> None:
        self.name = name
        self._fd = fd
        self._parts: list[str] = []
        self._held = 0
        self._room = STREAM_CHARACTERS
        self._dropped = 0
        self.buffer = _Bytes(self)  # for code that writes bytes to sys.stdout.buffer

    def writable(self) -> bool:
        """Return True: text goes in, nothing comes out."""
        return True

    def fileno(self) -> int:
        """Return the real descriptor, for code that hands it to another program."""
        return self._fd

    def write(self, text: str) -> int:
        """Take text; beyond the cell's allowance only count it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        kept = text[: self._room]
        self._room -= len(kept)
        self._dropped += len(text) - len(kept)
        if kept:
            self._parts.append(kept)
            self._held += len(kept)
            if self._held > 8_192:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        if self._parts:
            text, self._parts, self._held = "".join(self._parts), [], 0
            _emit({"output_type": "stream", "name": self.name, "text": text})

    def finish(self) -> None:
        """End of a cell: send the rest, say how much was dropped, and allow the next cell its share."""
        if self._dropped:
            self._parts.append(f"\n[{self._dropped:,} more characters are not kept]\n")
        self.flush()
        self._room, self._dropped = STREAM_CHARACTERS, 0


class _Bytes(io.RawIOBase):
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raw = bytes(data)
        self._stream.write(raw.decode("utf-8", "replace"))
        return len(raw)


class Publisher(DisplayPublisher):
    """`display(...)`, figures and widgets."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: Any = False,
        **_: Any,
    ) -> None:
        """Send one display_data."""
        output = {"output_type": "display_data", "data": _clean(data), "metadata": _plain(metadata or {})}
        display_id = (transient or {}).get("display_id")
        if display_id:
            output["transient"] = {"display_id": str(display_id), "update": bool(update)}
        _flush_streams(self.shell)
        _emit(output)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        _flush_streams(self.shell)
        _emit({"output_type": "clear"})


class Hook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Write no "Out[1]:"; the output carries its number."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send one execute_result."""
        _flush_streams(self.shell)
        _emit({
            "output_type": "execute_result",
            "execution_count": self.prompt_count,
            "data": _clean(format_dict),
            "metadata": _plain(md_dict or {}),
        })


class Compiler(CachingCompiler):
    """Says which module a cell belongs to: to explain an error, `inspect` would look at every module that is loaded."""

    def cache(self, transformed_code: str, number: int = 0, raw_code: str | None = None) -> str:
        """Return the name of a cell that is about to run."""
        name = super().cache(transformed_code, number, raw_code)
        for known in (name, os.path.normcase(os.path.abspath(name))):
            inspect.modulesbyfile[known] = "__main__"
        return name


class Shell(InteractiveShell):
    """Runs cells the way a notebook does: magics, `await`, inline figures, rich results."""

    compiler_class = Type(Compiler)
    system = InteractiveShell.system_raw  # `!command`: there is no terminal here for it

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: no windows here."""

    def ask_exit(self) -> None:
        """Ignore `exit()`: the cells after it are still to be run."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        _flush_streams(self)
        try:
            text = str(evalue)
        except Exception:  # an exception of the learner's own may fail to print itself
            text = ""
        _emit({"output_type": "error", "ename": etype.__name__, "evalue": text[:10_000],
               "traceback": [str(line)[:20_000] for line in stb][:200]})

    def show_usage_error(self, exc: Any) -> None:
        """Show a magic's complaint as an error, as a kernel does."""
        self._showtraceback(type(exc), exc, [f"UsageError: {exc}"])


def start(emit: Emit) -> Shell:
    """Return the one shell of this process; `emit` gets every output as it happens."""
    global _emit
    _emit = emit
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    Shell.display_pub_class.default_value = Publisher
    Shell.displayhook_class.default_value = Hook
    return Shell.instance(config=config, user_module=None)  # the one that is there, if there is one


def _flush_streams(shell: Any) -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Stream):
            stream.flush()


def _clean(data: Any) -> dict[str, Any]:
    """Return a mime bundle as JSON can hold it: bytes as base64, too large parts replaced by a word."""
    bundle: dict[str, Any] = {}
    for mime, value in dict(data).items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        if isinstance(value, str) and len(value) > DATA_CHARACTERS:
            bundle["text/plain"] = f"[an output of {len(value):,} characters is not kept]"
            continue
        bundle[str(mime)] = value if mime.endswith("json") or isinstance(value, str) else str(value)
    return bundle


def _plain(metadata: Any) -> dict[str, Any]:
    return dict(metadata) if isinstance(metadata, dict) else {}
