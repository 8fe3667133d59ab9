"""Full marks that the answer cells do not earn by themselves are flagged; what only defines is told from what acts."""

from __future__ import annotations

import pytest

from autograde.verify import defining
from dlcourse_utils.checks import registry
from dlcourse_utils.probes.definitions import only_definitions


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("import numpy as np\nfrom math import exp", "import numpy as np\nfrom math import exp"),
        ("from math import *", ""),
        ("def f(x): return x\nf(1)", "def f(x):\n    return x"),
        ("@decorated\nclass A: pass", "@decorated\nclass A:\n    pass"),
        ("a = 1\nb, (c, d) = 1, (2, 3)\ne: int = 4", "a = 1\nb, (c, d) = (1, (2, 3))\ne: int = 4"),
        ("worker.observe = 1\ntable[0] = 1\nx, y.z = 1, 2\na += 1\ndel a", ""),
        ("for i in range(3): f = i\nwhile True: pass\nwith a: pass\nassert a\nif a: f = 1", ""),
        ("softmax = theirs\nhelper = 1", "helper = 1"),
        ("def softmax(z): pass\nfrom theirs import x as softmax", ""),
        ("not python", ""),
    ],
)
def test_only_what_defines_is_kept(source: str, kept: str) -> None:
    assert only_definitions(source, ["softmax"]) == kept


def test_what_is_under_test_comes_from_its_own_answer_cells() -> None:
    from autograde.plan import Step

    softmax, relu = registry.get("02.softmax"), registry.get("02.relu")
    steps = [Step(0, "import x"), Step(1, "a", "02-softmax"), Step(2, "b", "02-softmax-2"), Step(3, "", "", softmax),
             Step(4, "c", "02-relu"), Step(5, "", "", relu)]  # fmt: skip
    again = defining(steps, {"02.softmax"})
    assert [step.index for step in again] == [0, 1, 2, 3, 4]
    assert [step.defines_without for step in again] == [("relu", "softmax"), ("relu",), ("relu",), None, ("softmax",)]
