"""What was told by day stays right while notices are recorded, sent and dropped."""

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, NullPool, create_engine, select
from sqlmodel import Session, col

from activities.database import DatabaseUnavailable
from activities.views import Views
from activities.views.timeline import LADDER_KINDS
from models.clock import VN
from models.commands import Submit
from models.tables import NoticeTable
from rules.timeline import Telling
from tests.activities.sending_office import Office, mail_to
from tests.activities.test_views import counted
from tests.receivers import mail_server
from tests.workflows.builders import moment, unit_actor


def told(engine: Engine) -> Counter[Telling]:
    """Row by row."""
    query = select(NoticeTable).where(col(NoticeTable.dropped).is_(False))
    with Session(engine) as session:
        return Counter(
            Telling(notice.scheduled.astimezone(VN).date(), notice.kind, notice.level)
            for notice in session.scalars(query)
            if notice.kind in LADDER_KINDS
        )


def test_nobody_waits_in_a_row_for_a_database_that_is_away() -> None:
    together = Barrier(2, timeout=60)

    def connect() -> sqlite3.Connection:
        together.wait()
        raise sqlite3.OperationalError

    views = Views(create_engine("sqlite://", creator=connect, poolclass=NullPool))
    with ThreadPoolExecutor(2) as pages:
        for page in [pages.submit(views.told_by_day, "c") for _ in range(2)]:
            with pytest.raises(DatabaseUnavailable):
                page.result()


def test_figures_follow_notices_that_are_recorded_sent_and_dropped(engine: Engine) -> None:
    office, views = Office(engine, at=moment("05/01", "09:00")), Views(engine)
    office.until(moment("28/01"))
    with mail_server() as server:
        office.digest(mail_to(server))
    reminded = views.told_by_day(office.cycle)
    assert reminded == told(engine)

    office.until(moment("13/02"))
    office.says(Submit, unit="T1", actor=unit_actor("T1"))
    recorded = views.told_by_day(office.cycle)
    with counted(engine) as asked_again:
        assert views.told_by_day(office.cycle) == recorded
    assert recorded == told(engine)
    assert recorded.total() > reminded.total()
    assert not any("notice.scheduled" in query for query in asked_again)

    # Answered before any letter: the ledger stands where it stood.
    office.compose()
    assert views.told_by_day(office.cycle) == told(engine)
    assert views.told_by_day(office.cycle).total() == recorded.total() - 1
