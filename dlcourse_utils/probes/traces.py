"""An exception as plain facts, its traceback shortened to the learner's own lines."""

from __future__ import annotations

import inspect
import linecache
import re
import sysconfig
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_ELSEWHERE = (
    _PACKAGE,
    *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
)
# What PyTorch says with a NotImplementedError of its own: no kernel for a device or a dtype.
_PYTORCHS = r"aten::|meta tensor|not implemented for|Could not run '"


@dataclass(frozen=True)
class Raised:
    """What an exception was and where in the learner's code it came from.

    `own_stub` is True when it is the NotImplementedError of the very object under test; `function` names the
    innermost of the learner's functions; `lines` are "line 3, in softmax: e = np.exp(z)".
    """

    type_name: str
    message: str = ""
    bases: tuple[str, ...] = ()
    function: str = ""
    own_stub: bool = False
    lines: tuple[str, ...] = ()

    @property
    def is_stub(self) -> bool:
        """True for an unsolved exercise's exception, wherever it was raised; PyTorch uses the same class for others."""
        return "NotImplementedError" in self.bases and re.search(_PYTORCHS, self.message) is None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Raised:
        """Rebuild from untrusted data, every field forced into its type and length."""
        return cls(
            type_name=str(plain.get("type_name", "Exception"))[:100],
            message=str(plain.get("message", ""))[:500],
            bases=tuple(str(b)[:100] for b in list(plain.get("bases") or [])[:20]),
            function=str(plain.get("function", ""))[:200],
            own_stub=bool(plain.get("own_stub")),
            lines=tuple(str(line)[:300] for line in list(plain.get("lines") or [])[:8]),
        )


def describe(error: BaseException, attempt: Sequence[Any] = ()) -> Raised:
    """Return the facts about `error`; `attempt` holds the learner's objects under test."""
    frames = [frame for frame in _walk(error.__traceback__) if is_learners(frame[0])]
    own = [code for obj in attempt for code in _codes(obj)]
    inner = frames[-1][0] if frames else None
    is_stub = isinstance(error, NotImplementedError)
    return Raised(
        type_name=type(error).__name__,
        message=_message(error),
        bases=tuple(cls.__name__ for cls in type(error).__mro__),
        function=inner.co_qualname if inner is not None else "",
        own_stub=is_stub and re.search(_PYTORCHS, _message(error)) is None and inner is not None and inner in own,
        lines=tuple(_line(code, number) for code, number in frames[-4:]),
    )


def _walk(trace: TracebackType | None) -> list[tuple[CodeType, int]]:
    return [(frame.f_code, number) for frame, number in traceback.walk_tb(trace)]


def is_learners(code: CodeType) -> bool:
    """Return whether a code object is the learner's own: not this package's, not a library's."""
    name = code.co_filename
    return not (name.startswith("<frozen") or name == "<__array_function__ internals>" or name.startswith(_ELSEWHERE))


def _message(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:500]
    except Exception:  # a learner's own exception class may fail to print itself
        return ""


def _line(code: CodeType, number: int) -> str:
    source = linecache.getline(code.co_filename, number).strip()
    where = f"line {number}, in {code.co_name}" if code.co_name != "<module>" else f"line {number}"
    return f"{where}: {source}" if source else where


def _codes(obj: Any) -> list[CodeType]:
    """Return the code objects of a function or of a class's methods, nested functions included."""
    found: list[CodeType] = []
    members = list(vars(obj).values()) if inspect.isclass(obj) else [obj]
    for member in members:
        function = getattr(member, "__func__", member)
        if isinstance(member, property):
            function = member.fget
        code = getattr(inspect.unwrap(function) if callable(function) else function, "__code__", None)
        if isinstance(code, CodeType):
            found.append(code)
    for code in found:  # the list grows while nested functions are found
        found.extend(c for c in code.co_consts if isinstance(c, CodeType))
    return found
