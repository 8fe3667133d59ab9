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

_of_this_thread = threading.local()  # .lent: the open gradebooks that its others borrow from; .kept: opened already
_open = Gradebook.__init__


@contextmanager
def one_transaction(db_url: str, course_id: str) -> Iterator[None]:
    """Share one session of the gradebook at `db_url` among all that this thread opens inside.

    What was written is committed at the end, and undone when an exception ends it. Raises SQLAlchemyError.
    """
    lent = _by_url("lent")
    if db_url in lent:  # part of a larger one
        yield
        return
    kept = _by_url("kept").get(db_url)
    gradebook = Gradebook(db_url, course_id) if kept is None else kept.gradebook
    session = gradebook.db()
    lender = lent[db_url] = Lent(gradebook)
    event.listen(session, "after_flush", lender.was_written)
    commit, session.commit = session.commit, lambda: _write_what_is_new(session)
    try:
        yield
        commit()
    finally:
        del lent[db_url], session.commit
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
    kept = _by_url("kept")
    kept[db_url] = Lent(gradebook)
    try:
        yield
    finally:
        del kept[db_url]
        gradebook.close()


def _write_what_is_new(session: Any) -> None:
    if session.new or session.deleted:  # what is only changed is written in one go, and before the next question
        session.flush()


def _by_url(which: str) -> dict[str, Lent]:
    found: dict[str, Lent] = _of_this_thread.__dict__.setdefault(which, {})
    return found


def _open_or_borrow(
    self: Gradebook, db_url: str, course_id: str = "default_course", authenticator: Any = None
) -> None:
    lender = _by_url("lent").get(db_url)
    if lender is None:
        _open(self, db_url, course_id, authenticator)
    else:
        self.__class__ = Borrowed
        self.borrow(lender, course_id)


# For every Gradebook of this process, nbgrader's own among them; outside of a transaction nothing changes for it.
Gradebook.__init__ = _open_or_borrow
