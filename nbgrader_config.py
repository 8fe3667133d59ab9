# Lets `nbgrader` and a JupyterLab with formgrader work from the repository's root as well.
c = get_config()  # type: ignore[name-defined]  # noqa: F821 - traitlets puts both names there
load_subconfig("autograde/nbgrader_config.py")  # type: ignore[name-defined]  # noqa: F821
