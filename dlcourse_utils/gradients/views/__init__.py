"""The pictures: each file computes one set of plain numbers and draws it on one Axes."""
