"""What runs beside the learner's code: it calls that code on given inputs and returns plain data.

Nothing in this package may import `dlcourse_utils.checks`: under grading that package does not exist where
learner code runs, so neither an expected value nor a verdict can be reached from a notebook.
"""

from .data import Opaque, Recipe, Tensor
from .observe import Observation, Raised, observe
from .registry import probe, recipe

__all__ = ["Observation", "Opaque", "Raised", "Recipe", "Tensor", "observe", "probe", "recipe"]
