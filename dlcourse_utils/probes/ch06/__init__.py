"""How chapter 06's exercises are run beside the learner's code: autograd, modules, training, checkpoints.

torch is imported inside the functions: these modules are loaded in the NumPy chapters too.
"""

from . import autograd, checkpoints, datasets, devices, milestone, modules, training

__all__ = ["autograd", "checkpoints", "datasets", "devices", "milestone", "modules", "training"]
