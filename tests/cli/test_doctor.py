"""`dlcourse doctor` states facts, says what to do, and fails only for what is necessary."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from dlcourse_utils.cli import findings, main
from dlcourse_utils.cli.findings import Finding
from dlcourse_utils.errors import CourseError


def test_every_part_is_examined_and_every_gap_has_a_remedy():
    found = findings.examine()
    assert [f.part for f in found] == [
        "Python", "packages", "notebooks", "device", "data", "JupyterLab settings", "grading", "sandbox",
    ]  # fmt: skip
    assert all(f.remedy for f in found if f.state != "ok")
    assert all(f.found for f in found)


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("optional", 0), ("missing", 1)])
def test_only_what_is_necessary_fails(monkeypatch, state, code):
    monkeypatch.setattr(findings, "examine", lambda: [Finding("a part", state, "a fact", "a remedy [x]")])
    outcome = CliRunner().invoke(main, ["doctor"])
    assert outcome.exit_code == code
    assert "a part" in outcome.output
    assert "a remedy [x]" in outcome.output


def test_an_examination_that_fails_is_a_finding(monkeypatch):
    monkeypatch.setattr(findings, "device", lambda: 1 / 0)
    (found,) = [f for f in findings.examine() if f.part == "device"]
    assert found.state == "missing"
    assert "ZeroDivisionError" in found.found


def test_packages_that_lack_or_have_another_version_are_named(monkeypatch):
    asked = ["numpy>=999", "no-such-package>=1", "click", "nbgrader; extra == 'autograde'"]
    monkeypatch.setattr(findings.importlib.metadata, "requires", lambda _: asked)
    found = findings.packages()
    assert found.state == "missing"
    assert "no-such-package is not installed" in found.found
    assert "not >=999" in found.found
    assert "nbgrader" not in found.found


def test_damaged_data_is_named(monkeypatch):
    def fail(name):
        raise CourseError(f"The data file {name} is missing. Install again.")

    monkeypatch.setattr("dlcourse_utils.data.verify", fail)
    found = findings.data()
    assert found.state == "missing"
    assert "The data file mnist5k is missing" in found.found


@pytest.mark.parametrize(
    ("content", "state"), [(None, "optional"), ("{", "optional"), ("[]", "optional"), ("good", "ok")]
)
def test_the_setting_for_double_clicks_is_looked_for(monkeypatch, tmp_path, content, state):
    good = {"@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"python": "Jupytext Notebook"}}}
    if content is not None:
        (tmp_path / "labconfig").mkdir()
        text = json.dumps(good) if content == "good" else content
        (tmp_path / "labconfig/default_setting_overrides.json").write_text(text)
    monkeypatch.setattr("jupyter_core.paths.jupyter_config_path", lambda: [str(tmp_path)])
    assert findings.lab_settings().state == state


def test_the_sandbox_is_tried_and_not_only_found(monkeypatch):
    refused = subprocess.CompletedProcess([], 1, "", "bwrap: setting up uid map: Permission denied\n")
    monkeypatch.setattr(findings.sys, "platform", "linux")
    monkeypatch.setattr(findings, "find_bwrap", lambda: "/usr/bin/bwrap")
    monkeypatch.setattr(findings.subprocess, "run", lambda *a, **k: refused)
    found = findings.sandbox()
    assert found.state == "optional"
    assert "Permission denied" in found.found
    monkeypatch.setattr(findings, "find_bwrap", lambda: None)
    assert "not installed" in findings.sandbox().found


def test_the_sandbox_works_where_bubblewrap_does(needs_part):
    needs_part("bwrap")
    assert findings.sandbox().state == "ok"
