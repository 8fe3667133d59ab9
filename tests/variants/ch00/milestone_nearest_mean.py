"""00.milestone_nearest_mean written in other ways; each must pass."""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestCentroid


def broadcast(x_train, labels, x):
    means = np.stack([x_train[labels == k].mean(axis=0) for k in np.unique(labels)])
    return ((x[:, None] - means) ** 2).sum(axis=-1).argmin(axis=1)


def with_loops(x_train, labels, x):
    answers = []
    for sample in x:
        best, winner = float("inf"), None
        for k in sorted(set(labels.tolist())):
            distance = np.linalg.norm(sample - np.mean(x_train[labels == k], axis=0))
            if distance < best:
                best, winner = distance, k
        answers.append(winner)
    return np.array(answers)


def one_hot_averages(x_train, labels, x):
    hot = np.eye(labels.max() + 1)[labels]
    means = (hot.T @ x_train) / hot.sum(axis=0)[:, None]
    return np.argmax(x @ means.T - 0.5 * (means**2).sum(axis=1), axis=1)


def with_cdist(x_train, labels, x):
    classes = np.unique(labels)
    means = [x_train[labels == k].sum(0) / np.count_nonzero(labels == k) for k in classes]
    return classes[cdist(x, means).argmin(1)]


def with_sklearn(x_train, labels, x):
    return NearestCentroid().fit(x_train, labels).predict(x)


VARIANTS = (broadcast, with_loops, one_hot_averages, with_cdist, with_sklearn)
