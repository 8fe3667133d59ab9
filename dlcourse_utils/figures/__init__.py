"""Pictures that chapters show: data and a `draw…(ax)` each, one file a picture."""
