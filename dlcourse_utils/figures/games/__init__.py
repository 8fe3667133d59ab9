"""The pictures of the chapter on GANs, one file a picture, with the arithmetic that only they need."""

from .edges import edges_of
from .images import draw_images
from .losses import draw_losses
from .overlap import draw_overlap
from .points import draw_points, ring

__all__ = ["draw_images", "draw_losses", "draw_overlap", "draw_points", "edges_of", "ring"]
