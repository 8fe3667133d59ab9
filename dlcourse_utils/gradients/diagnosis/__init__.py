"""Name what is wrong with a recorded run, with the evidence and what to try."""

from .finding import Finding
from .run import diagnose

__all__ = ["Finding", "diagnose"]
