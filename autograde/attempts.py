"""Implementations as source text: what a notebook's answer cell would hold."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path
from typing import Any

from dlcourse_utils.checks import Exercise

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_SOLUTION = re.compile(rf"^([ \t]*){BEGIN}\n.*?^[ \t]*{END}[ \t]*$", re.MULTILINE | re.DOTALL)
_Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom


def source_of(implementation: Any) -> str:
    """Return the source of a function or class with everything of its module that it needs, imports included.

    The docstring is left out: for a mistake it is the diagnosis. Raises ValueError when the code needs something
    that a notebook does not have (a relative import).
    """
    module = sys.modules[implementation.__module__]
    text = inspect.getsource(module)
    nodes = [node for node in ast.parse(text).body if isinstance(node, _Definition)]
    wanted = _closure(implementation.__name__, nodes)
    lines = text.splitlines()
    pieces = [_piece(node, lines, implementation.__name__) for node in nodes if node in wanted]
    return "\n\n".join(pieces) + "\n"


def answer_source(exercise: Exercise, implementation: Any) -> str:
    """Return `source_of` and the lines that give the parts the names which the exercise asks for."""
    text = source_of(implementation)
    name = implementation.__name__
    if exercise.attempt_of(implementation) == (implementation,):
        bindings = [] if exercise.objects == (name,) else [f"{exercise.objects[0]} = {name}"]
    else:
        bindings = [f"{part} = {name}.{part}" for part in exercise.objects]
    return "\n\n".join([text.rstrip(), *(["\n".join(bindings)] if bindings else [])]) + "\n"


def code_cells(path: Path) -> list[str]:
    """Return the code cells of a chapter's text (jupytext py:percent). Markdown is left out."""
    cells = re.split(r"^# %%", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [cell.partition("\n")[2] for cell in cells if "[markdown]" not in cell.partition("\n")[0]]


def definitions(text: str) -> str:
    """Return a chapter's imports, functions and classes; what is run beside them is left out."""
    keep = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if isinstance(node, keep) and not _is_ours(node)]
    return ast.unparse(tree)


def without_solutions(text: str) -> str:
    """Return the text as a learner finds it: every solution replaced by NotImplementedError."""
    return _SOLUTION.sub(r"\1raise NotImplementedError()", text)


def solved(path: Path) -> dict[str, Any]:
    """Return what a chapter's solutions define."""
    return _namespace("\n\n".join(code_cells(path)), f"<solutions of {path.stem}>")


def unsolved(path: Path) -> dict[str, Any]:
    """Return the same names as a learner finds them."""
    return _namespace(without_solutions("\n\n".join(code_cells(path))), f"<stubs of {path.stem}>")


def _namespace(text: str, name: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(definitions(text), name, "exec"), namespace)  # our own chapter text
    return namespace


def _is_ours(node: ast.stmt) -> bool:
    """True for an import of this package: the checks' doors and widgets are no part of an answer."""
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dlcourse_utils")


def _closure(name: str, nodes: list[_Definition]) -> list[_Definition]:
    by_name = {defined: node for node in nodes for defined in _defines(node)}
    wanted: list[_Definition] = []
    queue = [name]
    while queue:
        node = by_name.get(queue.pop())
        if node is None or node in wanted:
            continue
        if isinstance(node, ast.ImportFrom) and node.level:
            raise ValueError(f"{name} needs {ast.unparse(node)!r}, which a notebook does not have")
        wanted.append(node)
        queue += [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return wanted


def _defines(node: _Definition) -> list[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _piece(node: _Definition, lines: list[str], stripped: str) -> str:
    start, end = node.lineno - 1, node.end_lineno or node.lineno
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        if node.decorator_list:
            start = node.decorator_list[0].lineno - 1
        if node.name == stripped and ast.get_docstring(node) is not None and len(node.body) > 1:
            doc = node.body[0]
            return "\n".join(lines[start : doc.lineno - 1] + lines[doc.end_lineno or doc.lineno : end])
    return "\n".join(lines[start:end])
