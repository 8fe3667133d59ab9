"""05.EarlyStopping written in other ways; each must pass."""

import math

import numpy as np


class counter:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.bad = float("inf"), 0

    def update(self, loss):
        if loss < self.best - self.min_delta:
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


class history:
    def __init__(self, patience, min_delta=0):
        self.patience = patience
        self.min_delta = min_delta
        self.losses = []
        self.best_epoch = 0

    @property
    def best(self):
        return self.losses[self.best_epoch]

    def update(self, loss):
        self.losses.append(float(loss))
        if loss < self.best - self.min_delta:
            self.best_epoch = len(self.losses) - 1
        return len(self.losses) - 1 - self.best_epoch >= self.patience


class countdown:
    best = math.inf

    def __init__(self, patience, min_delta=0.0):
        self.left = self.patience = patience
        self.by = min_delta

    def update(self, loss):
        better = self.best - loss > self.by
        self.left = self.patience if better else self.left - 1
        self.best = np.where(better, loss, self.best)[()]
        if self.left <= 0:
            return 1
        return 0


VARIANTS = (counter, history, countdown)
