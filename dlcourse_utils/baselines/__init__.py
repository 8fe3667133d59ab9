"""Honest opponents: simple methods that a network's number is printed beside. One file for each kind of data."""

from .bag_of_words import bag_of_words_accuracy
from .counting import CountingModel
from .hours import bridged, forecast_errors, gap_lengths, print_errors

__all__ = ["CountingModel", "bag_of_words_accuracy", "bridged", "forecast_errors", "gap_lengths", "print_errors"]
