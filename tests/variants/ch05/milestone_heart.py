"""05.milestone_heart solved in other ways; each must pass."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def logistic_regression(x_train, y_train, x_test, rng):
    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(C=0.3, max_iter=500))
    return model.fit(x_train, y_train).predict_proba(x_test)[:, 1]


def random_forest(x_train, y_train, x_test, rng):
    model = RandomForestClassifier(100, min_samples_leaf=4, random_state=int(rng.integers(2**31)))
    fill = SimpleImputer(strategy="most_frequent", add_indicator=True).fit(x_train)
    fill.indicator_.error_on_new = False
    return model.fit(fill.transform(x_train), y_train).predict_proba(fill.transform(x_test))[:, 1].tolist()


def two_layers_by_hand(x_train, y_train, x_test, rng):
    centre, spread = np.nanmean(x_train, axis=0), np.nanstd(x_train, axis=0)
    train, test = (np.nan_to_num((x - centre) / np.where(spread > 0, spread, 1)) for x in (x_train, x_test))
    w1 = rng.normal(size=(train.shape[1], 12)) * np.sqrt(2 / train.shape[1])
    b1, w2, b2 = np.zeros(12), np.zeros((12, 1)), np.zeros(1)
    for _ in range(250):
        h = np.maximum(train @ w1 + b1, 0)
        d = (1 / (1 + np.exp(-(h @ w2 + b2))) - y_train[:, None]) / len(train)
        dh = (d @ w2.T) * (h > 0)
        w2, b2 = w2 - 0.3 * (h.T @ d + 0.02 * w2), b2 - 0.3 * d.sum(axis=0)
        w1, b1 = w1 - 0.3 * (train.T @ dh + 0.02 * w1), b1 - 0.3 * dh.sum(axis=0)
    return 1 / (1 + np.exp(-(np.maximum(test @ w1 + b1, 0) @ w2 + b2)))


VARIANTS = (logistic_regression, random_forest, two_layers_by_hand)
