"""bikeshare: bicycles rented in each hour of 2011 in Washington DC (Fanaee-T and Gama 2013; CC BY 4.0)."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .registry import DATASETS, FILES, read_checked

HOURS = 365 * 24


@dataclass(frozen=True, eq=False)
class BikeShare:
    """One year, hour by hour. The file leaves 115 hours out, in 60 gaps; here every hour has its place.

    bikers: (8760,) float64, rentals in each hour from 1 January 2011, 0:00; NaN where the file has no row.
    temperature: (8760,) float64, scaled by the source (0 … 1 for −8 … 39 °C); NaN likewise.
    working_day: (8760,) bool, neither weekend nor holiday.
    """

    bikers: NDArray[np.float64]
    temperature: NDArray[np.float64]
    working_day: NDArray[np.bool_]


def load_bikeshare(folder: Path = FILES) -> BikeShare:
    """Load the year on its full grid of hours.

    Raises CourseError when the file is missing or is not the one that was shipped.
    """
    _, content = read_checked(DATASETS["bikeshare"].path, folder)
    bikers, temperature = np.full(HOURS, np.nan), np.full(HOURS, np.nan)
    by_day = np.zeros(365, dtype=bool)
    for row in csv.DictReader(gzip.decompress(content).decode("utf-8").splitlines()):
        day = int(row["day"]) - 1
        hour = 24 * day + int(row["hr"])
        bikers[hour], temperature[hour] = float(row["bikers"]), float(row["temp"])
        by_day[day] = row["workingday"] == "1"
    return BikeShare(bikers, temperature, np.repeat(by_day, 24))
