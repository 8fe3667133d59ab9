"""A tiny chapter as a text of `solutions/`: real exercises of the engine, nothing else that takes time."""

from __future__ import annotations

import json
from pathlib import Path

NAME = "02_tiny"
HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---
"""
RELU = '''\
def relu(z):
    """Negative numbers become 0."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, np.zeros_like(z))
    ### END SOLUTION
'''
SOFTMAX = '''\
def softmax(z):
    """Turn each row of logits into probabilities."""
    ### BEGIN SOLUTION
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION
'''
ACCURACY = '''\
def accuracy(logits, labels):
    """The share of samples whose largest logit is the label's."""
    ### BEGIN SOLUTION
    return float((logits.argmax(axis=1) == labels).mean())
    ### END SOLUTION
'''


def markdown(text: str) -> str:
    """Return a markdown cell."""
    return "# %% [markdown]\n" + "".join(f"# {line}\n" for line in text.splitlines())


def code(source: str, tags: str = "") -> str:
    """Return a code cell."""
    return f"# %%{f' tags=[{json.dumps(tags)}]' if tags else ''}\n{source}\n"


def answer(grade_id: str, source: str) -> str:
    """Return an answer cell."""
    return _recorded(source, grade=False, grade_id=grade_id, locked=False, solution=True)


def check(grade_id: str, source: str, points: float = 1) -> str:
    """Return a check cell."""
    return _recorded(source, grade=True, grade_id=grade_id, locked=True, points=points, solution=False)


def _recorded(source: str, **record: object) -> str:
    return f"# %% nbgrader={json.dumps({**record, 'schema_version': 3}, sort_keys=True)}\n{source}\n"


CELLS = [
    markdown("# A tiny chapter\n\nIt exists so that building and grading can be tested without a real one."),
    code("import numpy as np\nfrom dlcourse_utils import check, needs"),
    markdown("### 02.relu · ReLU"),
    answer("02-relu", RELU),
    check("02-relu-check", 'check("02.relu", relu)'),
    answer("02-softmax", SOFTMAX),
    check("02-softmax-check", 'check("02.softmax", softmax)'),
    code('with needs("02.softmax"):\n    print(softmax(np.array([[0.0, 1.0]])))'),
    code('print("an illustration")', tags="demo"),
    answer("02-accuracy", ACCURACY),
    check("02-accuracy-check", 'check("02.accuracy", accuracy)'),
]


def write(folder: Path, cells: list[str] | None = None, name: str = NAME) -> Path:
    """Write the chapter's text into `folder`; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.py"
    path.write_text("\n".join([HEADER, *(CELLS if cells is None else cells)]), encoding="utf-8")
    return path
