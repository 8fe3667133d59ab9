"""Which forbidden libraries or functions a learner's code uses, read from its compiled form without running it.

"torch" forbids the whole library, "torch.nn.Conv2d" that one thing however it is reached. Read are the functions and
classes under test and every function of the learner's own that they name. A name that is put together while the code
runs is not seen here; the sandbox keeps whole libraries away by not having them.
"""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .traces import is_learners

_NAMES = {"LOAD_GLOBAL", "LOAD_NAME"}
_ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM"}


def forbidden_uses(attempt: Sequence[Any], forbidden: Sequence[str]) -> tuple[str, ...]:
    """Return which of the `forbidden` dotted names the objects use, in order of first use."""
    if not forbidden:
        return ()
    things = {name: _resolve(name) for name in forbidden}
    found: dict[str, None] = {}
    for function in _functions(attempt):
        for text, value in _uses(function):
            for name, thing in things.items():
                if _is(text, value, name, thing):
                    found.setdefault(name)
    return tuple(found)


def _is(text: str, value: Any, name: str, thing: Any) -> bool:
    if text == name or text.startswith(f"{name}."):
        return True
    if thing is not None and not isinstance(thing, ModuleType):
        return value is thing or type(value) is thing
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return isinstance(home, str) and (home == name or home.startswith(f"{name}."))


def _resolve(name: str) -> Any:
    """Return the forbidden thing itself, if its library is loaded at all; nothing is imported for this."""
    module, _, rest = name.partition(".")
    value: Any = sys.modules.get(module)
    for part in filter(None, rest.split(".")):
        value = getattr(value, part, None)
    return value


def _functions(attempt: Sequence[Any]) -> Iterator[FunctionType]:
    """Yield the learner's functions behind the objects, each once, following the names that they use."""
    queue = [function for obj in attempt for function in _members(obj)]
    seen: set[CodeType] = set()
    while queue:
        function = queue.pop()
        if function.__code__ in seen or not is_learners(function.__code__):
            continue
        seen.add(function.__code__)
        yield function
        for code in _codes(function.__code__):
            for name in code.co_names:
                queue += _members(function.__globals__.get(name))


def _members(obj: Any) -> list[FunctionType]:
    if isinstance(obj, FunctionType):
        return [obj]
    if not inspect.isclass(obj):
        return []
    inside = [getattr(member, "__func__", member) for member in vars(obj).values()]
    inside += [member.fget for member in inside if isinstance(member, property)]
    return [member for member in inside if isinstance(member, FunctionType)]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _uses(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function reads: each dotted name as written, with the thing behind it as far as modules lead."""
    for code in _codes(function.__code__):
        text, value = "", None
        for step in dis.get_instructions(code):
            name = str(step.argval)
            if step.opname in _NAMES:
                text, value = name, function.__globals__.get(name)
            elif step.opname == "IMPORT_NAME":
                text, value = name, sys.modules.get(name)
            elif step.opname in _ATTRIBUTES and text:
                text, value = f"{text}.{name}", getattr(value, name, None) if isinstance(value, ModuleType) else None
            else:
                continue
            yield text, value
