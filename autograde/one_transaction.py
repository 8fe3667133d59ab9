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
from sqlalchemy import event

from .borrowed import Borrowed, Lent

_open = Gradebook.__init__


class _Here(threading.local):
    """This thread's gradebooks by URL: those that others borrow from, and those that stay open between transactions."""

    def __init__(self) -> None:
        self.lent: dict[str, Lent] = {}
        self.kept: dict[str, Gradebook] = {}


_here = _Here()


@contextmanager
def one_transaction(db_url: str, course_id: str) -> Iterator[None]:
    """Share one session of the gradebook at `db_url` among all that this thread opens inside.

    What was written is committed at the end, and undone when an exception ends it. Raises SQLAlchemyError.
    """
    if db_url in _here.lent:  # part of a larger one
        yield
        return
    kept = _here.kept.get(db_url)
    gradebook = kept or Gradebook(db_url, course_id)
    session = gradebook.db()
    lender = _here.lent[db_url] = Lent(gradebook)
    event.listen(session, "after_flush", lender.was_written)
    commit, session.commit = session.commit, lambda: _write_what_is_new(session)
    try:
        yield
        commit()
    finally:
        del _here.lent[db_url], session.commit
        event.remove(session, "after_flush", lender.was_written)
        if kept is None:
            gradebook.close()  # rolls back what was not committed
        else:
            session.close()  # the same, and forgets all that was read


@contextmanager
def open_gradebook(db_url: str, course_id: str) -> Iterator[None]:
    """Open the gradebook once for all of this thread's transactions inside. Raises SQLAlchemyError."""
    gradebook = Gradebook(db_url, course_id)
    gradebook.db().close()
    _here.kept[db_url] = gradebook
    try:
        yield
    finally:
        del _here.kept[db_url]
        gradebook.close()


def _write_what_is_new(session: Any) -> None:
    if session.new or session.deleted:  # what is only changed is written in one go, and before the next question
        session.flush()


def _open_or_borrow(self: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
    lender = _here.lent.get(db_url)
    if lender is None:
        _open(self, db_url, course_id, authenticator)
    else:
        self.__class__ = Borrowed
        self.borrow(lender, course_id)


# For every Gradebook of this process, nbgrader's own among them; outside of a transaction nothing changes for it.
Gradebook.__init__ = _open_or_borrow
