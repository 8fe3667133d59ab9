"""05.roc_auc written in other ways; each must pass."""

import numpy as np
from scipy.stats import mannwhitneyu, rankdata


def all_pairs_at_once(y_true, score):
    d = score[y_true == 1][:, None] - score[y_true == 0]
    return float((d > 0).mean() + 0.5 * (d == 0).mean())


def two_loops(y_true, score):
    wins = pairs = 0
    for a, s in zip(y_true, score):
        for b, t in zip(y_true, score):
            if a == 1 and b == 0:
                pairs += 1
                wins += 1.0 if s > t else 0.5 if s == t else 0.0
    return wins / pairs


def mean_ranks(y_true, score):
    ranks, p = rankdata(score), np.sum(y_true)
    return (ranks[y_true == 1].sum() - p * (p + 1) / 2) / (p * (len(y_true) - p))


def trapezoids_under_the_curve(y_true, score):
    thresholds = np.r_[np.inf, np.unique(score)[::-1]]
    tpr = [np.mean(score[y_true == 1] >= t) for t in thresholds]
    fpr = [np.mean(score[y_true == 0] >= t) for t in thresholds]
    return np.trapezoid(tpr, fpr)


def searched_in_the_sorted_healthy(y_true, score):
    healthy = np.sort(score[y_true == 0])
    sick = score[y_true == 1]
    below = np.searchsorted(healthy, sick, "left") + np.searchsorted(healthy, sick, "right")
    return below.mean() / 2 / len(healthy)


def mann_whitney(y_true, score):
    u = mannwhitneyu(score[y_true == 1], score[y_true == 0]).statistic
    return u / ((y_true == 1).sum() * (y_true == 0).sum())


VARIANTS = (
    all_pairs_at_once,
    two_loops,
    mean_ranks,
    trapezoids_under_the_curve,
    searched_in_the_sorted_healthy,
    mann_whitney,
)
