"""The teacher's side: building the released notebooks from `solutions/`, and grading what comes back.

This folder is also an ordinary nbgrader course folder; `nbgrader_config.py` says how.
"""

import sys

# jsonschema imports this, when it is installed, to judge a format of addresses that notebooks do not have, and it
# compiles a grammar for a second. To None `import` answers that it is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
