"""Compiled page templates, kept in memory: nbconvert compiles all of them anew for every page."""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class InMemory(BytecodeCache):
    """Bytecode by template; Jinja checks that it belongs to the template's present text."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket when the template is known."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember a template that has just been compiled."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_compiled = InMemory()


def with_kept_templates(environment: Any) -> Environment:
    """Return the environment, which from now on shares its compiled templates with all others."""
    assert isinstance(environment, Environment)
    environment.bytecode_cache = _compiled
    return environment
