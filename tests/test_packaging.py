"""What is declared in one place holds in the others: ranges, pins, the conda file, the wheel, the Makefile."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "pytorch": "torch"}  # conda's name → the package's own


def requirements(*extras: str) -> dict[str, Requirement]:
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def pins() -> dict[str, str]:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", line) for line in lines), "exact versions only"
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def conda() -> dict[str, str]:
    """Name → range of the conda file's dependencies, without its pip section."""
    text = (ROOT / "environment.yml").read_text().partition("dependencies:\n")[2]
    lines = re.findall(r"^  - ([a-z].*[^:])$", text, re.MULTILINE)
    found = (re.fullmatch(r"([a-z0-9-]+)(.*)", line) for line in lines)
    return {CONDA_NAMES.get(m[1], m[1]): m[2] for m in found if m}


def test_the_conda_file_asks_for_what_pyproject_asks():
    listed = conda()
    assert (
        Requirement(f"python{listed.pop('python')}").specifier
        == Requirement(f"python{PROJECT['requires-python']}").specifier
    )
    assert listed.pop("pip") == ""
    assert {name: Requirement(name + wanted).specifier for name, wanted in listed.items()} == {
        name: r.specifier for name, r in requirements().items()
    }


def test_every_pin_lies_in_its_range_and_torch_is_the_tested_one():
    pinned = pins()
    for name, requirement in requirements("autograde", "test").items():
        assert requirement.specifier.contains(pinned[name]), f"{name} {pinned[name]} is outside {requirement.specifier}"
    assert pinned["torch"] == "2.13.0"


def test_everything_that_gets_installed_is_pinned():
    """Follow the installed packages' own requirements from ours on; what they name must be pinned too."""
    pinned, seen, missing = pins(), set(), set()
    todo = [(r, "") for r in requirements("autograde", "test").values()]
    while todo:
        requirement, extra = todo.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        if name not in pinned:
            missing.add(name)
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        for chosen in ("", *requirement.extras):
            if (name, chosen) not in seen:
                seen.add((name, chosen))
                todo += [(Requirement(line), chosen) for line in needs]
    assert not missing


def test_the_version_is_stated_once_and_twice_the_same():
    import dlcourse_utils

    assert dlcourse_utils.__version__ == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_wheel_holds_the_course_the_data_and_the_lab_setting_but_no_working_folders(tmp_path):
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
                   cwd=ROOT, check=True, capture_output=True, timeout=120)  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, pattern in (("course", "*.ipynb"), ("solutions", "*.py")):
        here = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern) if "/." not in str(path)}
        assert here
        assert {f"dlcourse_utils/release/{path}" for path in here} <= names
    assert "dlcourse_utils/data/files/mnist5k/mnist5k.npz" in names
    assert "dlcourse_utils/data/files/SHA256SUMS" in names
    assert any(name.endswith("etc/jupyter/labconfig/default_setting_overrides.json") for name in names)
    assert not [
        name for name in names if re.search(r"gradebook\.db|/(source|submitted|autograded|feedback|demo_out)/", name)
    ]
    assert not [name for name in names if name.startswith("tests/")]


@pytest.fixture
def checkout(tmp_path):
    """The Makefile alone, with a stand-in for Python that writes down what it is asked."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    fake = tmp_path / "fake-python"
    fake.write_text(
        "#!/bin/sh\n"
        f'echo "$@" >> {tmp_path}/calls\n'
        'case "$*" in\n'
        f'*"import sys"*) exit ${{TOO_OLD:-0}};;\n'
        '*ensurepip*) exit ${NO_VENV:-0};;\n'
        f'"-m venv"*) mkdir -p .venv/bin; cp {fake} .venv/bin/python; cp {fake} .venv/bin/dlcourse;;\n'
        '*install*) exit ${NO_INSTALL:-0};;\n'
        "esac\n"
    )  # fmt: skip
    fake.chmod(0o755)

    def make(*arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess, list[str]]:
        (tmp_path / "calls").write_text("")
        outer = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "ARGS")}
        command = ["make", *arguments, f"PYTHON={fake}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=outer | environment)
        return done, (tmp_path / "calls").read_text().splitlines()

    return make


def installs(calls: list[str]) -> list[str]:
    return [call.split()[-1] for call in calls if " install " in call]


def test_the_second_start_installs_nothing(checkout):
    done, calls = checkout("lab")
    assert done.returncode == 0, done.stderr
    assert installs(calls) == ["."]
    assert "--constraint constraints.txt" in " ".join(calls)
    assert calls[-1] == "lab"
    assert checkout("lab")[1] == ["lab"]


def test_the_tests_bring_the_extras_and_the_learners_part_with_them(checkout):
    assert installs(checkout("test")[1]) == [".[autograde,test]"]
    assert installs(checkout("lab")[1]) == []


def test_an_interrupted_installation_is_taken_up_again(checkout):
    assert checkout("lab", NO_INSTALL="1")[0].returncode != 0
    assert installs(checkout("lab")[1]) == ["."]


@pytest.mark.parametrize(("gap", "says"), [("TOO_OLD", "needs Python 3.11 or newer"), ("NO_VENV", "python3-venv")])
def test_what_python_lacks_is_one_sentence(checkout, gap, says):
    done, calls = checkout("lab", **{gap: "1"})
    assert done.returncode != 0
    assert says in done.stdout
    assert not installs(calls)
