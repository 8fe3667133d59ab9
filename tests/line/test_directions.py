"""Which package may import which: the house's directions."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def imports(path: Path, package: str) -> Iterator[str]:
    """Yield the absolute names of the modules that a file imports, anywhere in it."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            yield f"{base}.{node.module or ''}".strip(".")
            yield from (f"{base}.{node.module or ''}.{alias.name}".strip(".") for alias in node.names)


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", files("dlcourse_utils"), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_learners_package_does_not_know_the_harness(path: Path) -> None:
    assert not [name for name in imports(path, "dlcourse_utils") if name.split(".")[0] in ("autograde", "nbgrader")]


@pytest.mark.parametrize("path", files("dlcourse_utils/probes"), ids=lambda p: p.name)
def test_probes_do_not_know_the_judge(path: Path) -> None:
    assert not [name for name in imports(path, "probes") if name.startswith("dlcourse_utils.checks")]


@pytest.mark.parametrize("statement", ["import dlcourse_utils", "from dlcourse_utils import check, hint, needs"])
def test_a_numpy_chapter_starts_without_torch_and_nbgrader(statement: str) -> None:
    heavy = "{'torch', 'nbgrader', 'matplotlib.pyplot'}"
    program = f"{statement}\nimport sys\nprint(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
