"""Every attack gets what the table says, every innocent submission its full marks. `python -m tests.attacks` prints it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import needs_part

pytest.importorskip("nbgrader")

from . import injection
from .attack import Attack
from .host import Host
from .notebooks import FILES
from .table import CLASSES, Row, rows, totals, try_out


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """The things on the host that attacks look for."""
    needs_part("bwrap")
    with Host() as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def table(request: pytest.FixtureRequest) -> Iterator[list[Row]]:
    """Print the table at the end."""
    done: list[Row] = []
    yield done
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("", *(row for row in done if row.faults), totals(done), sep="\n")


@pytest.mark.parametrize(("kind", "attack"), [
    pytest.param(kind, attack, id=f"{kind}: {attack.name}") for kind, attacks in CLASSES.items() for attack in attacks
])  # fmt: skip
def test_an_attack_gets_what_the_table_says(kind: str, attack: Attack, host: Host, table: list[Row]) -> None:
    row = try_out(kind, attack, host)
    table.append(row)
    assert not row.faults


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_a_dangerous_file_is_refused_or_read_without_harm(name: str, table: list[Row]) -> None:
    (row,) = [row for row in rows([f"notebook {name}"]) if row.name == name]
    table.append(row)
    assert not row.faults


@pytest.mark.parametrize("name", [item.name for item in injection.INJECTIONS])
def test_nothing_injected_acts(name: str, table: list[Row]) -> None:
    needs_part("bwrap")
    (row,) = [row for row in rows([f"injection {name}"]) if row.name == name]
    table.append(row)
    assert not row.faults


def test_the_finder_of_what_acts_finds_it() -> None:
    for bad in (injection.SCRIPT, injection.IMAGE, "<a href='javascript:EVIL()'>x</a>", "<p style='x:EVIL'>",
                "<iframe src=EVIL>", "<style>EVIL</style>", "<script></script>\\href{javascript:EVIL}"):  # fmt: skip
        assert injection.acting(bad)
    assert not injection.acting("<p>EVIL</p><a href='https://EVIL'>x</a>")


def test_there_are_enough_of_each_kind() -> None:
    assert sum(len(attacks) for kind, attacks in CLASSES.items() if kind != "innocent") >= 40
    assert len(CLASSES["innocent"]) >= 10
    assert all(attack.earns == "full" for attack in CLASSES["innocent"])
