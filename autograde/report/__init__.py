"""The teacher's page over a graded class: read what grading left, compute facts, draw them, write one HTML file."""

from __future__ import annotations

__all__ = ["write_csv", "write_report"]

from .writing import write_csv, write_report
