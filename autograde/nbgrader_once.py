"""What nbgrader does over and over for every cell of every submission, done once: the same results in less time.

Nothing of nbgrader's behaviour changes. Its own commands profit too, as far as they run in a process that imports this.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import jsonschema
import nbgrader.api
import nbgrader.dbutil
import nbgrader.nbgraderformat.common
from alembic.script import ScriptDirectory


@lru_cache(maxsize=1)
def newest_schema() -> str:
    """Return the version of nbgrader's database schema, as `alembic heads` says, without starting a process."""
    return str(ScriptDirectory(nbgrader.dbutil.ALEMBIC_DIR).get_current_head())


_validators: dict[int, tuple[dict[str, Any], Any]] = {}  # by a schema's identity, which the entry keeps alive


def validate(instance: Any, schema: dict[str, Any]) -> None:
    """Like jsonschema.validate, but a schema is itself looked at only once. Raises ValidationError."""
    kept = _validators.get(id(schema))
    if kept is None:
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        kept = _validators[id(schema)] = (schema, kind(schema))
    error = jsonschema.exceptions.best_match(kept[1].iter_errors(instance))
    if error is not None:
        raise error


def install() -> None:
    """Let nbgrader use these."""
    nbgrader.api.get_alembic_version = newest_schema  # 2 s less for every new gradebook, and no `alembic` on the PATH
    # nbgrader opens the gradebook a dozen times for a submission; one engine keeps the statements that it has compiled.
    if not hasattr(nbgrader.api.create_engine, "cache_info"):
        nbgrader.api.create_engine = lru_cache(maxsize=8)(nbgrader.api.create_engine)
    nbgrader.nbgraderformat.common.jsonschema = SimpleNamespace(validate=validate)
