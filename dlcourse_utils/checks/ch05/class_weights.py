"""05.class_weights: rare classes weigh more (King and Zeng 2001), against scikit-learn's "balanced"."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def shuffled(*counts: tuple[int, int]) -> np.ndarray:
        return rng.permutation(np.repeat([label for label, _ in counts], [n for _, n in counts]))

    yield Case("two classes, 9 to 1", args=(shuffled((0, 27), (1, 3)),))
    yield Case("three classes, 20 / 5 / 10", args=(shuffled((0, 20), (1, 5), (2, 10)),), weight=2.0)
    late = np.append([7, 7], shuffled((2, 8), (4, 3), (7, 6)))
    yield Case("labels 2, 4 and 7", args=(late,))
    yield Case("labels -1 and 1", args=(np.append([1], shuffled((-1, 4), (1, 11))),))
    yield Case("four classes of different size", args=(np.append([3, 1], shuffled((0, 9), (1, 2), (2, 14), (3, 5))),))


def oracle(y):
    from sklearn.utils.class_weight import compute_class_weight

    return compute_class_weight("balanced", classes=np.array(sorted(set(y.tolist()))), y=y)


def one_over_the_count(y):
    """Your weights are 1 / n_c. The ratios are right, the scale is not: with N / (K · n_c) the average weight of a sample
    is 1, so the loss keeps its size."""
    return 1 / np.unique(y, return_counts=True)[1]


def shares_of_the_classes(y):
    """These are the classes' shares, n_c / N: common classes would weigh more still. A rare class must weigh more: turn
    the fraction over."""
    return np.unique(y, return_counts=True)[1] / len(y)


def number_of_classes_forgotten(y):
    """Your weights are N / n_c, K times too large. Divide by the number of classes too: N / (K · n_c)."""
    return len(y) / np.unique(y, return_counts=True)[1]


def weights_sum_to_one(y):
    """Your weights add up to 1. Some libraries do that; here N / (K · n_c) is asked for, which makes the average over the
    *samples* 1."""
    w = 1 / np.unique(y, return_counts=True)[1]
    return w / w.sum()


def weights_average_one_over_classes(y):
    """Your weights average 1 over the classes. Asked for is N / (K · n_c), which averages 1 over the samples."""
    w = 1 / np.unique(y, return_counts=True)[1]
    return w / w.mean()


def order_of_appearance(y):
    """Your weights come in the order in which the classes first appear in y. Sort the classes: np.unique does."""
    labels = list(dict.fromkeys(y.tolist()))
    return np.array([len(y) / (len(labels) * (y == c).sum()) for c in labels])


def one_weight_per_sample(y):
    """You return one weight per sample. One per class is asked for, K numbers."""
    _, where, n = np.unique(y, return_inverse=True, return_counts=True)
    return (len(y) / (len(n) * n))[where]


EXERCISE = Exercise(
    id="05.class_weights",
    title="Class weights",
    objects=("class_weights",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        one_over_the_count,
        shares_of_the_classes,
        number_of_classes_forgotten,
        weights_sum_to_one,
        weights_average_one_over_classes,
        order_of_appearance,
        one_weight_per_sample,
    ),
    hints=(
        "How do I count? → np.unique(y, return_counts=True) gives the sorted classes and how often each occurs.",
        "How large should the weights be? → N / (K · n_c). With equally common classes every weight is then 1.",
        "```python\nclasses, n = np.unique(y, return_counts=True)\nreturn len(y) / (len(classes) * n)\n```",
    ),
)
