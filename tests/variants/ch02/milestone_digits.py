"""02.milestone_digits written in other ways; each must pass."""

import numpy as np
from sklearn.linear_model import LogisticRegression


def least_squares(x, labels, w1, b1):
    h = np.maximum(x @ w1 + b1, 0)
    columns = np.column_stack([h, np.ones(len(h))])
    solution = np.linalg.lstsq(columns, np.eye(labels.max() + 1)[labels], rcond=None)[0]
    return [(w1, b1), (solution[:-1], solution[-1])]


def ridge_by_normal_equations(x, labels, w1, b1):
    h = np.c_[np.ones(len(x)), np.clip(x @ w1 + b1, 0, None)]
    targets = np.where(labels[:, None] == np.arange(labels.max() + 1), 1.0, -1.0)
    solution = np.linalg.solve(h.T @ h + 0.01 * np.eye(h.shape[1]), h.T @ targets)
    return ((w1, b1), (solution[1:], solution[0]))


def pseudo_inverse_of_centred_features(x, labels, w1, b1):
    h = np.maximum(x @ w1 + b1, 0)
    targets = np.zeros((len(x), labels.max() + 1))
    targets[np.arange(len(x)), labels] = 1
    w2 = np.linalg.pinv(h - h.mean(axis=0), rcond=1e-8) @ (targets - targets.mean(axis=0))
    return [(w1, b1), (w2, targets.mean(axis=0) - h.mean(axis=0) @ w2)]


def logistic_regression_on_the_features(x, labels, w1, b1):
    model = LogisticRegression(C=100.0, max_iter=150, tol=1e-3).fit(np.maximum(x @ w1 + b1, 0), labels)
    return [[w1, b1], [model.coef_.T, model.intercept_]]


VARIANTS = (
    least_squares,
    ridge_by_normal_equations,
    pseudo_inverse_of_centred_features,
    logistic_regression_on_the_features,
)
