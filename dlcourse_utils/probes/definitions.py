"""What a cell defines, without what it does: its imports, functions, classes and plain assignments.

Runs inside the sandbox, as learner source is parsed nowhere else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def only_definitions(source: str, without: Sequence[str] = ()) -> str:
    """Return the part of `source` that defines, less the names in `without`; "" when it is no Python.

    Left out is what could change something that exists: calls, loops, assignments to attributes and items, `del`.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    tree.body = [node for node in tree.body if _defines(node, frozenset(without))]
    return ast.unparse(tree)


def _defines(node: ast.stmt, without: frozenset[str]) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = {alias.asname or alias.name for alias in node.names}
    elif isinstance(node, _DEFINES):
        names = {node.name}
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = [name for target in targets for name in _names(target)]
        if None in found:
            return False
        names = {name for name in found if name is not None}
    else:
        return False
    return not names & without and "*" not in names


def _names(target: ast.expr) -> Iterator[str | None]:
    """Yield the plain names of a target; None for a part of something else."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _names(part)
    else:
        yield target.id if isinstance(target, ast.Name) else None
