"""nbgrader in this folder: `cd autograde && nbgrader autograde 02_neurons_and_losses`, or formgrader."""

import sys
from pathlib import Path

_here = Path(__file__).resolve().parent
if str(_here.parent) not in sys.path:  # nbgrader's own command does not know this repository
    sys.path.insert(0, str(_here.parent))

from autograde.nbgrader_settings import settings  # noqa: E402 - needs the path above

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - traitlets puts it there
c.merge(settings(_here, _here.parent / "course"))
