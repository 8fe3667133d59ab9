"""What attention looks at: `attention_weights(model, ids)` reads it off a model, `draw_maps(weights, …)` draws it."""

from .looking import attention_weights
from .maps import draw_maps

__all__ = ["attention_weights", "draw_maps"]
