"""What a teacher allows a submission holds in the sandbox, and costs only the exercise that wants more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograde.build import Built
from autograde.commands import grade
from autograde.sample_class import submissions
from tests.conftest import needs_part

GREEDY = "_all = np.ones(300 * 2**17)  # 300 MB\n"
MANY = """import threading, time
for _ in range(40):
    threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
"""


@pytest.mark.parametrize(
    ("source", "options", "status"),
    [
        (GREEDY, [], "correct"),
        (GREEDY, ["--memory", "128"], "broken"),
        (MANY, [], "correct"),
        (MANY, ["--processes", "16"], "broken"),
        ("open('f', 'wb').write(bytes(8 * 2**20))\n", ["--file-size", "4"], "broken"),
    ],
)
def test_a_limit_is_what_the_option_says(
    built: Built, solutions: Path, tmp_path: Path, source: str, options: list[str], status: str
) -> None:
    needs_part("bwrap")
    solved = json.loads(dict(submissions(built))["full_marks"])
    for cell in solved["cells"]:
        if cell["id"] == "02-softmax":
            cell["source"] = source + "".join(cell["source"])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text(json.dumps(solved))
    arguments = ["02", "--submissions", tmp_path / "in", "--out", tmp_path / "out", "--solutions", solutions,
                 "--json", tmp_path / "r.json", "--no-verify", "--no-recheck", *options]  # fmt: skip
    CliRunner().invoke(grade, list(map(str, arguments)), catch_exceptions=False)
    found = json.loads((tmp_path / "r.json").read_text())["learners"]["ada"]["exercises"]
    statuses = [found[name]["status"] for name in ("02.relu", "02.softmax", "02.accuracy")]
    assert statuses[0] == statuses[2] == "correct"
    assert statuses[1] in {"correct": ("correct",)}.get(status, ("broken", "crashed", "missing"))


def test_no_more_of_an_output_is_kept_than_the_option_says(built: Built, solutions: Path, tmp_path: Path) -> None:
    needs_part("bwrap")
    solved = json.loads(dict(submissions(built))["full_marks"])
    first = next(cell for cell in solved["cells"] if cell["id"] == "02-softmax")
    first["source"] = "print('a' * 5_000)\n" + "".join(first["source"])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text(json.dumps(solved))
    arguments = ["02", "--submissions", tmp_path / "in", "--out", tmp_path / "out", "--solutions", solutions,
                 "--no-verify", "--no-recheck", "--output-characters", 1_000]  # fmt: skip
    result = CliRunner().invoke(grade, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0
    (graded,) = (tmp_path / "out" / "autograded").rglob("*.ipynb")
    shown = ["".join(o.get("text", "")) for c in json.loads(graded.read_text())["cells"] for o in c.get("outputs", [])]
    assert "a" * 1_000 in shown
    assert not any("a" * 1_001 in text for text in shown)
    assert any("4,001 more characters are not kept" in text for text in shown)
