"""Lies where a package is kept away from submissions: an empty folder there could still be imported."""

raise ModuleNotFoundError(f"No module named {__name__!r} here: this chapter does without it.", name=__name__)
