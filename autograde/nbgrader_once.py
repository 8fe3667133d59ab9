"""What nbgrader does over and over for every cell of every submission, done once: the same results in less time.

Nothing of nbgrader's behaviour changes. Its own commands profit too, as far as they run in a process that imports this.
"""

from __future__ import annotations

import json
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


@lru_cache(maxsize=8)
def _validator(schema: str) -> Any:
    plain = json.loads(schema)
    kind = jsonschema.validators.validator_for(plain)
    kind.check_schema(plain)
    return kind(plain)


@lru_cache(maxsize=5_000)
def _validate(instance: str, schema: str) -> None:
    error = jsonschema.exceptions.best_match(_validator(schema).iter_errors(json.loads(instance)))
    if error is not None:
        raise error


def validate(instance: Any, schema: dict[str, Any]) -> None:
    """Like jsonschema.validate, but what was found valid is looked at only once. Raises ValidationError."""
    _validate(json.dumps(instance), json.dumps(schema))  # nbgrader reads its schema anew for each notebook


def install() -> None:
    """Let nbgrader use these."""
    nbgrader.api.get_alembic_version = newest_schema  # 2 s less for every new gradebook, and no `alembic` on the PATH
    # nbgrader opens the gradebook a dozen times for a submission; one engine keeps the statements that it has compiled.
    if not hasattr(nbgrader.api.create_engine, "cache_info"):
        nbgrader.api.create_engine = lru_cache(maxsize=8)(nbgrader.api.create_engine)
    nbgrader.nbgraderformat.common.jsonschema = SimpleNamespace(validate=validate)
