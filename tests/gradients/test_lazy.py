"""The NumPy chapters start fast: neither torch nor pyplot is loaded for them."""

import subprocess
import sys

SCRIPT = """
import sys
import numpy as np
import dlcourse_utils.gradients as g
assert "torch" not in sys.modules and "matplotlib" not in sys.modules, "importing the package"
rec = g.Recorder()
rec.step(loss=1.0, grads={"w": np.ones((2, 2))}, params={"w": np.ones((2, 2))})
rec.history.diagnose()
assert "torch" not in sys.modules, "recording and diagnosing a NumPy network"
for name in g.__all__:
    getattr(g, name)
assert "torch" not in sys.modules, "naming what there is"
rec.history.plot_flow()
assert "torch" not in sys.modules, "drawing"
assert "matplotlib.pyplot" not in sys.modules, "drawing without pyplot's state"
"""


def test_torch_is_loaded_only_by_what_needs_it():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
