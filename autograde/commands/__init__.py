"""The teacher's commands of `dlcourse`; each is a thin layer over one module of the package above."""

from .building import build
from .demonstration import demo
from .grading import grade
from .proving import prove
from .reporting import report

__all__ = ["build", "demo", "grade", "prove", "report"]
