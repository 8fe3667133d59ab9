"""Probes and recipes by name, found in `probes/chNN` the first time they are asked for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Attempt = tuple[Any, ...]  # the objects that an exercise asks for
Parts = Iterator[tuple[str, Any]]  # what a probe yields: the name of a part, and its data
F = TypeVar("F", bound=Callable[..., Any])

_PROBES: dict[str, Callable[..., Any]] = {}
_RECIPES: dict[str, Callable[..., Any]] = {}


def probe(name: str) -> Callable[[F], F]:
    """Register a probe: `f(attempt, *args, **kwargs)` that returns data or yields (part name, data)."""
    return _register(_PROBES, "probe", name)


def recipe(name: str) -> Callable[[F], F]:
    """Register a builder of something that is no data (a generator, a callable, a model) from plain settings."""
    return _register(_RECIPES, "recipe", name)


def find_probe(name: str) -> Callable[..., Any]:
    """Return the probe called `name`. Raises KeyError when no module defines it."""
    return _find(_PROBES, name)


def find_recipe(name: str) -> Callable[..., Any]:
    """Return the recipe called `name`. Raises KeyError when no module defines it."""
    return _find(_RECIPES, name)


def _register(table: dict[str, Callable[..., Any]], kind: str, name: str) -> Callable[[F], F]:
    def add(function: F) -> F:
        known = table.get(name)
        if known is not None and known.__module__ != function.__module__:  # a reload may register again
            raise ValueError(f"two {kind}s are called {name!r}: in {known.__module__} and {function.__module__}")
        table[name] = function
        return function

    return add


def _find(table: dict[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    if name not in table:  # only now: a chapter's probes may be slow to import (torch)
        package = importlib.import_module(__package__ or "dlcourse_utils.probes")
        for module in pkgutil.iter_modules(package.__path__):
            if module.name in ("call", "recipes") or module.name.startswith("ch"):
                importlib.import_module(f"{package.__name__}.{module.name}")
    return table[name]
