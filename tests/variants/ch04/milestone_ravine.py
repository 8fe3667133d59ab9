"""04.milestone_ravine: other settings that arrive; each must pass."""


def close_to_the_edge():
    return {
        "sgd": {"lr": 0.036},
        "momentum": {"lr": 0.03, "beta": 0.85},
        "rmsprop": {"lr": 0.08, "beta": 0.9},
        "adam": {"lr": 0.3},
        "adamw": {"lr": 0.3, "weight_decay": 0.001},
    }


def by_the_formula():
    low, high = 1.0, 50.0
    root = (high / low) ** 0.5
    return {
        "sgd": dict(lr=2 / (low + high)),
        "momentum": dict(lr=(2 / (low**0.5 + high**0.5)) ** 2, beta=((root - 1) / (root + 1)) ** 2),
        "rmsprop": dict(lr=0.06, beta=0.95, eps=1e-6),
        "adam": dict(lr=0.2, beta1=0.9, beta2=0.99),
        "adamw": dict(lr=0.2, beta1=0.9, beta2=0.99, weight_decay=0),
    }


def other_averages():
    return {
        "sgd": {"lr": 0.033},
        "momentum": {"lr": 0.05, "beta": 0.8},
        "rmsprop": {"lr": 0.05, "beta": 0.9},
        "adam": {"lr": 0.25, "beta1": 0.8, "beta2": 0.99},
        "adamw": {"lr": 0.25, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.005},
    }


VARIANTS = (close_to_the_edge, by_the_formula, other_averages)
