"""Chapter 04, optimizers: five ways down, the learning rate over time, batches, and the whole training loop."""

ORDER = (
    "sgd_step",
    "descend",
    "momentum_step",
    "rmsprop_step",
    "adam_step",
    "adamw_step",
    "milestone_ravine",
    "iterate_minibatches",
    "clip_by_global_norm",
    "cosine_schedule",
    "milestone_digits",
)
