"""What docs/grading.md says about options, limits and files is so."""

from __future__ import annotations

import re

import pytest

from autograde import commands, intake, log, outputs, seeds
from autograde.course import REPOSITORY
from autograde.nbgrader_settings import RUNS
from autograde.preprocessors import RunWithProbes
from autograde.report.looks import REASONS
from dlcourse_utils.probes import shell
from dlcourse_utils.probes.confine import Limits

PAGE = (REPOSITORY / "docs" / "grading.md").read_text(encoding="utf-8")
OPTIONS = {o: p for c in (commands.grade, commands.report) for p in c.params for o in (*p.opts, *p.secondary_opts)}
LIMITS = re.findall(r"\| ([\d,]+) \| `(--[a-z-]+)` \|", PAGE)
OTHERS = {"--security-opt", "--privileged", "--nthreads"}  # of other programs


def test_every_option_on_the_page_exists() -> None:
    assert len(LIMITS) == 8
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert len(named) > 12
    assert named - OTHERS <= set(OPTIONS)


@pytest.mark.parametrize(("default", "option"), LIMITS)
def test_a_limits_default_is_what_the_page_says(default: str, option: str) -> None:
    parameter = OPTIONS[option]
    assert parameter.default == float(default.replace(",", ""))
    # nbgrader's own path has the same
    assert getattr(RunWithProbes(), str(parameter.name)) == float(default.replace(",", ""))


def test_the_fixed_limits_are_what_the_page_says() -> None:
    assert f"{Limits().temporary_bytes >> 20} MB for each" in PAGE
    assert f"{Limits().open_files} open files" in PAGE
    assert f"{shell.STREAM_CHARACTERS:,} characters of text and {outputs.MAX_OUTPUTS} outputs" in " ".join(PAGE.split())
    assert f"{intake.MAX_BYTES >> 20} MB for a notebook" in PAGE


def test_the_names_on_the_page_are_those_in_the_code() -> None:
    for name in (log.FILE, seeds.FILE, f"{RUNS}/"):
        assert f"`{name}`" in PAGE
    for trait in re.findall(r"`([a-z_]+)`", PAGE.partition("`c.RunWithProbes.cell_seconds")[2].partition("## ")[0]):
        assert trait in RunWithProbes().traits(config=True)
    shown = " ".join(PAGE.partition("## What needs a look")[2].partition("## ")[0].split())
    assert [reason for reason in REASONS if reason not in shown] == ["waits for a person"]
