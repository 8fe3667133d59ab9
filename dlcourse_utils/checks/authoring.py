"""What a module with an exercise imports."""

from ..probes.data import Opaque, Recipe, Tensor
from ..probes.observe import Observation
from .compare import ANY, compare
from .exercise import Case, Exercise
from .verdict import Verdict

__all__ = ["ANY", "Case", "Exercise", "Observation", "Opaque", "Recipe", "Tensor", "Verdict", "compare"]
