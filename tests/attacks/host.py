"""What really exists on the host while the attacks run, so that finding it would be a find."""

from __future__ import annotations

import atexit
import os
import secrets
import socket
import sqlite3
import tempfile
import time
from pathlib import Path
from types import TracebackType

import psutil

ROOT = Path(__file__).resolve().parents[2]


class Host:
    """A secret file, a gradebook, a token in the environment, a TCP server and a Unix socket."""

    def __enter__(self) -> Host:
        self.mark = f"m{secrets.token_hex(6)}"
        self._folder = tempfile.TemporaryDirectory(prefix="dlc-host-")
        atexit.register(self._folder.cleanup)
        self.secret = Path(self._folder.name, "secret.txt")
        self.secret.write_text("the teacher's", encoding="utf-8")
        self.gradebook = Path(self._folder.name, "gradebook.db")
        with sqlite3.connect(self.gradebook) as database:
            database.execute("create table grade (score real)")
            database.execute("insert into grade values (3.0)")
        database.close()
        for path in (self._folder.name, self.secret, self.gradebook):  # file modes are not to be what saves them
            os.chmod(path, 0o777)
        self.token = os.environ["DLC_TEACHERS_TOKEN"] = secrets.token_hex(8)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._abstract = socket.socket(socket.AF_UNIX)
        self._abstract.bind(f"\0dlc-{self.mark}-host")
        self._abstract.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._abstract.close()
        os.environ.pop("DLC_TEACHERS_TOKEN", None)  # a second host in this process may have taken it along
        self._folder.cleanup()

    def fill_in(self, source: str) -> str:
        """Return `source` with the things of this host in it."""
        return (
            source.replace("@SECRET@", str(self.secret))
            .replace("@GRADEBOOK@", str(self.gradebook))
            .replace("@PROJECT@", str(ROOT))
            .replace("@TOKEN@", self.token)
            .replace("@GRADER@", "tests/attacks")
            .replace("@PORT@", str(self._server.getsockname()[1]))
            .replace("@ABSTRACT@", f"dlc-{self.mark}-host")
            .replace("@PID@", str(os.getpid()))
            .replace("@MARK@", self.mark)
        )

    def left(self, warm: set[int]) -> list[str]:
        """Return what an attack has left or changed here. `warm`: the processes that are ours and stay."""
        found = []
        for _ in range(100):  # the kernel takes its time to end a tree of processes
            found = [f"process {p.pid}" for p in psutil.Process().children(recursive=True) if p.pid not in warm]
            if not found:
                break
            time.sleep(0.05)
        for process in psutil.process_iter(["cmdline", "name"]):
            if self.mark in f"{process.info['cmdline']}{process.info['name']}":
                found.append(f"process {process.pid} with the mark")
        for folder in ("/tmp", "/var/tmp", "/dev/shm", str(ROOT), "/"):
            found += [f"{folder}/{name}" for name in os.listdir(folder) if self.mark in name]
        if self.secret.read_text(encoding="utf-8") != "the teacher's":
            found.append("the teacher's file is changed")
        with sqlite3.connect(self.gradebook) as database:
            if database.execute("select score from grade").fetchall() != [(3.0,)]:
                found.append("the gradebook is changed")
        database.close()
        return found
