"""How chapter 09's exercises are run beside the learner's code: attention, blocks, a small GPT.

torch is imported inside the functions: these modules are loaded in the NumPy chapters too.
"""

from . import attention, block, gpt, milestone, models, sampling

__all__ = ["attention", "block", "gpt", "milestone", "models", "sampling"]
