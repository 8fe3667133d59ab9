"""Small chapters to update: built here, so that each test says what changed."""

from typing import Any


def cell(kind: str, text: str, **nbgrader: Any) -> dict[str, Any]:
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": text.splitlines(keepends=True)}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def exercise(name: str, text: str = "Write it.", stub: str = "raise NotImplementedError()") -> list[dict[str, Any]]:
    """The three cells of an exercise 02.<name>, as nbgrader releases them."""
    answer = {"grade_id": f"02-{name}", "solution": True, "grade": False, "locked": False}
    checked = {"grade_id": f"02-{name}-check", "solution": False, "grade": True, "locked": True}
    return [
        cell("markdown", f"### 02.{name} · Title\n{text}"),
        cell("code", f"def {name}(z):\n    {stub}", **answer),
        cell("code", f'check("02.{name}", {name})', **checked),
    ]


def notebook(*cells: list[dict[str, Any]], opening: str = "# Chapter") -> dict[str, Any]:
    flat = [cell("markdown", opening), *(c for group in cells for c in group)]
    return {"cells": flat, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
