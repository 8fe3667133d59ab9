"""How chapter 08's exercises are run beside the learner's code: sequences."""

from . import classifier, forecast, language_model, numpy_rnn, unpacking

__all__ = ["classifier", "forecast", "language_model", "numpy_rnn", "unpacking"]
