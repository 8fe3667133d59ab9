"""Page templates, kept in memory: nbconvert reads and compiles all of them anew for every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment

_environments: dict[tuple[str, ...], Environment] = {}  # by the folders in which templates are looked for


def with_kept_templates(environment: Any, folders: Sequence[str]) -> Environment:
    """Return an environment with the filters of `environment`, and the templates of those before it.

    Jinja looks each time whether a template's file has changed.
    """
    kept = _environments.setdefault(tuple(folders), environment)
    kept.filters = environment.filters  # methods of the exporter that is now at work
    return kept
