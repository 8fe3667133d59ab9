"""One piece of nbgrader's work, one transaction: all of it is in the gradebook, or none.

nbgrader opens its gradebook a dozen times for a submission, looks at every table each time, and commits twice as often.
Within `one_transaction` all of these borrow one session. A commit inside writes only what is new, a borrower's end
writes the rest and makes the next one read again; the disk is waited for once, at the end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook

from .borrowed import Borrowed

_lent = threading.local()  # .by_url: the open gradebooks that this thread's others borrow from
_open = Gradebook.__init__


@contextmanager
def one_transaction(db_url: str, course_id: str) -> Iterator[None]:
    """Share one session of the gradebook at `db_url` among all that this thread opens inside.

    What was written is committed at the end, and undone when an exception ends it. Raises SQLAlchemyError.
    """
    by_url = _by_url()
    if db_url in by_url:  # part of a larger one
        yield
        return
    gradebook = Gradebook(db_url, course_id)
    session = gradebook.db()
    commit, session.commit = session.commit, lambda: _write_what_is_new(session)
    by_url[db_url] = gradebook
    try:
        yield
        commit()
    finally:
        del by_url[db_url], session.commit
        gradebook.close()  # rolls back what was not committed


def _write_what_is_new(session: Any) -> None:
    if session.new or session.deleted:  # what is only changed is written in one go, and before the next question
        session.flush()


def _by_url() -> dict[str, Gradebook]:
    if not hasattr(_lent, "by_url"):
        _lent.by_url = {}
    found: dict[str, Gradebook] = _lent.by_url
    return found


def _open_or_borrow(
    self: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Any = None
) -> None:
    lender = _by_url().get(db_url)
    if lender is None:
        _open(self, db_url, course_id, authenticator)
    else:
        self.__class__ = Borrowed
        self.borrow(lender, course_id)


# For every Gradebook of this process, nbgrader's own among them; outside of a transaction nothing changes for it.
Gradebook.__init__ = _open_or_borrow
