"""05.roc_auc: how often a sick patient scores above a healthy one (Hanley and McNeil 1982), against scikit-learn."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def scored(sick: int, healthy: int, gap: float, levels: int = 0, integers: bool = False) -> tuple:
        y = rng.permutation(np.repeat([1, 0], [sick, healthy]))
        score = rng.normal(size=len(y)) + gap * y
        if levels:  # few different values: many ties
            score = np.clip(np.round(score * levels / 4), -levels, levels)
            score = score.astype(int) if integers else score / levels
        return y, score

    yield Case("30 patients, no ties", args=scored(12, 18, 1.0), weight=2.0)
    yield Case("many ties", args=scored(20, 30, 0.8, levels=4), weight=2.0)
    yield Case("scores are whole numbers", args=scored(15, 10, 0.6, levels=3, integers=True))
    yield Case("a rare class", args=scored(4, 120, 0.7))
    yield Case("everybody has the same score", args=(rng.permutation(np.repeat([1, 0], [5, 9])), np.full(14, 0.3)))
    yield Case("the wrong way round: below one half", args=scored(14, 16, -1.2))
    y = np.array([0, 1, 1, 0, 1, 0])
    yield Case("one healthy, one sick, the rest tied", args=(y, np.array([0.5, 0.5, 0.9, 0.1, 0.5, 0.5])))


def oracle(y_true, score):
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y_true, score))


def _pairs(y_true, score):
    return score[y_true == 1][:, None] - score[y_true == 0][None, :]


def ties_are_wins(y_true, score):
    """A tie counts as a full win for you, so a model that gives everybody the same score would be perfect. A tie counts
    one half."""
    return float((_pairs(y_true, score) >= 0).mean())


def ties_are_losses(y_true, score):
    """A tie counts as a loss for you. A coin would decide it: count one half."""
    return float((_pairs(y_true, score) > 0).mean())


def turned_round(y_true, score):
    """You count how often the healthy score higher. The positive class, 1, should come out on top."""
    d = _pairs(y_true, score)
    return float((d < 0).mean() + 0.5 * (d == 0).mean())


def never_below_one_half(y_true, score):
    """You turn results below ½ round. A score that ranks the wrong way is worse than a coin, and the number should say
    so."""
    d = _pairs(y_true, score)
    value = float((d > 0).mean() + 0.5 * (d == 0).mean())
    return max(value, 1 - value)


def ties_in_the_order_of_the_file(y_true, score):
    """Among equal scores you take the order of the file, so shuffling the patients changes the result. Give ties their
    mean rank, or count one half for each tied pair."""
    ranks = np.empty(len(score))
    ranks[np.argsort(score, kind="stable")] = np.arange(1, len(score) + 1)
    p = int((y_true == 1).sum())
    return float((ranks[y_true == 1].sum() - p * (p + 1) / 2) / (p * (len(score) - p)))


def accuracy_at_one_half(y_true, score):
    """This is the accuracy at a threshold of ½. With a rare class it is high for a model that finds nobody; the AUC looks
    at the order of the scores and needs no threshold."""
    return float(np.mean((score > 0.5) == (y_true == 1)))


def all_pairs(y_true, score):
    """You compare every patient with every other. Only pairs of one sick and one healthy count."""
    d = score[:, None] - score[None, :]
    wins = (d > 0) & (y_true[:, None] > y_true[None, :])
    return float((wins + 0.5 * ((d == 0) & (y_true[:, None] > y_true[None, :]))).sum() / len(score) ** 2)


def difference_of_the_means(y_true, score):
    """You return how far apart the two classes' mean scores lie. The AUC depends on the order alone: it is the share of
    sick-healthy pairs in which the sick one scores higher."""
    return float(score[y_true == 1].mean() - score[y_true == 0].mean())


def curve_through_the_ties(y_true, score):
    """Your curve takes equal scores one after the other, so the order of the file decides. Patients with one score pass
    the threshold together: one slanted step for all of them, or count one half for each tied pair."""
    sick = y_true[np.argsort(-score, kind="stable")]
    found, alarmed = np.cumsum(sick) / sick.sum(), np.cumsum(1 - sick) / (1 - sick).sum()
    return float(np.sum(np.diff(np.append(0.0, alarmed)) * found))


def not_divided(y_true, score):
    """You count the pairs and do not divide. A share is asked for: divide by the number of sick times the number of
    healthy."""
    d = _pairs(y_true, score)
    return float((d > 0).sum() + 0.5 * (d == 0).sum())


EXERCISE = Exercise(
    id="05.roc_auc",
    title="Area under the ROC curve",
    objects=("roc_auc",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        ties_are_wins,
        ties_are_losses,
        turned_round,
        never_below_one_half,
        ties_in_the_order_of_the_file,
        accuracy_at_one_half,
        all_pairs,
        difference_of_the_means,
        curve_through_the_ties,
        not_divided,
    ),
    hints=(
        "I don't know where to begin. → Forget the curve. Take every pair of one sick (1) and one healthy (0) patient and ask: has the "
        "sick one the higher score? The share of yes is the AUC.",
        "How do I compare all pairs? → score[y_true == 1][:, None] - score[y_true == 0] has shape (P, Q), one entry per pair.",
        "What about ties? → Each counts one half.",
        "```python\nd = score[y_true == 1][:, None] - score[y_true == 0]\nreturn float((d > 0).mean() + 0.5 * (d == 0).mean())\n```",
    ),
)
