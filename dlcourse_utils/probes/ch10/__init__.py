"""How chapter 10's exercises are run beside the learner's code: two networks and their game.

torch is imported inside the functions: these modules are loaded in the NumPy chapters too.
"""

from . import convolutional, losses, milestone, penalty, players, steps, translation

__all__ = ["convolutional", "losses", "milestone", "penalty", "players", "steps", "translation"]
