"""Interactive parts of the notebooks: thin layers of ipywidgets over pure functions, one file each."""
