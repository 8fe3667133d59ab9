"""The pictures of the chapter on sequences, one file a picture, with the arithmetic that only they need."""

from .cliff import draw_cliff, walk_over_w
from .demand import draw_demand, draw_errors_ahead, draw_forecasts
from .graph_growth import draw_graph_growth, operations_behind
from .influence import draw_influence, influence_on
from .memory_cell import draw_memory_cells
from .reading import draw_reading, read_letters
from .recall import draw_recall
from .reviews import ANSWERS, draw_confusion, draw_learning_curve, draw_opinions

__all__ = [
    "ANSWERS",
    "draw_cliff",
    "draw_confusion",
    "draw_demand",
    "draw_errors_ahead",
    "draw_forecasts",
    "draw_graph_growth",
    "draw_influence",
    "draw_learning_curve",
    "draw_memory_cells",
    "draw_opinions",
    "draw_reading",
    "draw_recall",
    "influence_on",
    "operations_behind",
    "read_letters",
    "walk_over_w",
]
