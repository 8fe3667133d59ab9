"""The teacher's side: building the released notebooks from `solutions/`, and grading what comes back.

This folder is also an ordinary nbgrader course folder; `nbgrader_config.py` says how.
"""
