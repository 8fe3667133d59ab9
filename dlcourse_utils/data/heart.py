"""heart_disease: 303 patients of the Cleveland Clinic, thirteen mixed columns, six real missing values (UCI, 1988)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .registry import DATASETS, FILES, read_checked

MISSING = "?"  # as the file writes it

# our name → the file's name, whether it is a number, and the words of a category in the order of their columns
_COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "age": ("age", ()),
    "sex": ("gender", ("female", "male")),
    "chest_pain": ("chest pain", ("typical ang", "atypical ang", "non-anginal", "asymptomatic")),
    "resting_bp": ("rest SBP", ()),
    "cholesterol": ("cholesterol", ()),
    "high_sugar": ("fasting blood sugar > 120", ()),
    "resting_ecg": ("rest ECG", ("normal", "left vent hypertrophy", "ST-T abnormal")),
    "max_heart_rate": ("max HR", ()),
    "exercise_angina": ("exerc ind ang", ()),
    "st_depression": ("ST by exercise", ()),
    "st_slope": ("slope peak exc ST", ("upsloping", "flat", "downsloping")),
    "vessels": ("major vessels colored", ()),
    "thal": ("thal", ("normal", "fixed defect", "reversable defect")),
}
_TARGET = "diameter narrowing"


@dataclass(frozen=True, eq=False)
class HeartDisease:
    """Who of 303 patients has a coronary artery narrowed by more than half?

    columns: the thirteen columns by name, (303,) each. A number is float64 (age in years, resting_bp in mm Hg,
        cholesterol in mg/dl, max_heart_rate per minute, st_depression in mm, vessels 0 … 3, the others 0 or 1) with
        NaN where it is missing; a category is an array of words with "?" where it is missing.
    x: (303, 22) float64, the same as one table of numbers: sex as one 0/1 column, every other category as one 0/1
        column per word; a missing category is NaN in all of its columns. Nothing is scaled.
    names: the 22 names of x's columns.
    y: (303,) int64, 1 for the 139 patients with a narrowing of more than 50 %, 0 for the 164 without.
    """

    columns: dict[str, NDArray]
    x: NDArray[np.float64]
    names: tuple[str, ...]
    y: NDArray[np.int64]


def load_heart_disease(folder: Path = FILES) -> HeartDisease:
    """Load the patients in the file's order. Raises CourseError when the file is missing or was changed."""
    _, content = read_checked(DATASETS["heart_disease"].path, folder)
    header, *rows = [line.split("\t") for line in content.decode("utf-8").splitlines()]
    cells = np.array(rows[2:])  # two more header lines: the kinds of the columns, and which one is the target
    columns = {name: _column(cells[:, header.index(title)], words) for name, (title, words) in _COLUMNS.items()}
    names, parts = zip(*(_encoded(name, columns[name], words) for name, (_, words) in _COLUMNS.items()), strict=True)
    return HeartDisease(
        columns=columns,
        x=np.hstack(parts),
        names=tuple(n for group in names for n in group),
        y=cells[:, header.index(_TARGET)].astype(np.int64),
    )


def _column(cells: NDArray, words: tuple[str, ...]) -> NDArray:
    return cells if words else np.where(cells == MISSING, "nan", cells).astype(np.float64)


def _encoded(name: str, column: NDArray, words: tuple[str, ...]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the names and the (303, k) numbers of one column."""
    if not words:
        return [name], column[:, None]
    ones = (column[:, None] == np.array(words)).astype(np.float64)
    ones[column == MISSING] = np.nan
    if len(words) == 2:
        return [words[1]], ones[:, 1:]
    return [f"{name}: {word}" for word in words], ones
