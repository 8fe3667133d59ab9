"""Which inputs made the network say so: three methods short enough to read, and the control that they
need.
"""

from .grad_cam import grad_cam
from .integrated import integrated_gradients
from .randomised import randomised
from .saliency import saliency

__all__ = ["grad_cam", "integrated_gradients", "randomised", "saliency"]
