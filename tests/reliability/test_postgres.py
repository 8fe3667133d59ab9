"""A gradebook on a real PostgreSQL server: the same grades, and one sentence when the server is not there."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde.commands import grade
from autograde.gradebook import require_gradebook
from autograde.nbgrader_settings import with_driver
from dlcourse_utils.errors import CourseError
from tests.autograde import tiny
from tests.conftest import needs_part, postgres_programs


@pytest.fixture(scope="module")
def server() -> Iterator[Callable[[str], str]]:
    """Start a server of an unprivileged user in a folder of its own; give what makes a database's URL."""
    needs_part("postgres")
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="dlc-pg-"))  # a socket's path must be short, and open to the user
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    common: dict[str, Any] = {"cwd": folder, "env": {"PATH": programs, "LC_ALL": "C.UTF-8"}, **user}
    subprocess.run([f"{programs}/initdb", "-D", "data", "-U", "teacher", "-A", "trust", "--no-sync"],
                   check=True, capture_output=True, **common)  # fmt: skip
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([f"{programs}/postgres", "-D", "data", "-k", str(folder), "-c", "listen_addresses="],
                                   stdout=log, stderr=log, **common)  # fmt: skip
    try:
        yield lambda name: _database(folder, name, process)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def _database(folder: Path, name: str, process: subprocess.Popen[bytes]) -> str:
    """Make a database, once the server answers, and return its URL."""
    import psycopg2

    deadline = time.monotonic() + 60
    while True:
        try:
            connection = psycopg2.connect(host=str(folder), user="teacher", dbname="postgres")
            break
        except psycopg2.OperationalError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    return f"postgresql://teacher@/{name}?host={folder}"


def graded(few: Path, out: Path, solutions: Path, *more: str) -> None:
    arguments = ["02", "--submissions", few, "--out", out, "--solutions", solutions, "--seed", "5", *more]
    assert CliRunner().invoke(grade, list(map(str, arguments)), catch_exceptions=False).exit_code == 0


def held(url: str) -> dict[tuple[str, str], tuple[float | None, bool]]:
    """Return what a gradebook holds for every learner and check."""
    with Gradebook(url, "dlcourse") as gradebook:
        return {
            (submission.student.id, g.name): (g.auto_score, g.needs_manual_grade)
            for submission in gradebook.assignment_submissions(tiny.NAME)
            for notebook in submission.notebooks
            for g in notebook.grades
        }


def test_the_same_grades_as_in_a_file(
    server: Callable[[str], str], few: Path, solutions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server("class_a")
    graded(few, tmp_path / "file", solutions)
    expected = held(f"sqlite:///{tmp_path}/file/gradebook.db")
    assert len(expected) == 9
    graded(few, tmp_path / "server", solutions, "--db", url)
    url = with_driver(url)
    assert held(url) == expected
    assert not (tmp_path / "server" / "gradebook.db").exists()
    # A grade by hand stays, and a second grading changes nothing else.
    with Gradebook(url, "dlcourse") as gradebook:
        gradebook.find_grade("02-relu-check", tiny.NAME, tiny.NAME, "untouched").manual_score = 0.75
        gradebook.db.commit()
    monkeypatch.setenv("DLCOURSE_DB", url)
    graded(few, tmp_path / "server", solutions)
    assert held(url) == {**expected, ("untouched", "02-relu-check"): (0, True)}
    with Gradebook(url, "dlcourse") as gradebook:
        assert gradebook.find_submission(tiny.NAME, "untouched").score == 0.75


def test_a_making_that_was_cut_short_is_finished(server: Callable[[str], str]) -> None:
    import psycopg2

    url = server("class_b")
    require_gradebook(with_driver(url))
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute("DROP TABLE alembic_version")
    require_gradebook(with_driver(url))
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM alembic_version")
    assert cursor.fetchone() == (1,)
    connection.close()


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    needs_part("postgres")
    with pytest.raises(CourseError) as caught:
        require_gradebook(with_driver(f"postgresql://teacher:secret@/x?host={tmp_path}"))
    assert "cannot be opened" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"), [("a gradebook", "is no URL"), ("nosuch://host/db", "needs a driver that is not installed")]
)
def test_an_address_that_is_none(url: str, says: str) -> None:
    with pytest.raises(CourseError, match=says):
        require_gradebook(url)
