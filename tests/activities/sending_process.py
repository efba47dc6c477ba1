"""A worker's delivery, in a process of its own that a test kills: DATABASE SMTP."""

import sys
from datetime import UTC, datetime

from temporalio.testing import ActivityEnvironment

from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from activities.database import open_database
from activities.doors import SignInDoors
from activities.links import Links
from activities.notices import Notices
from models.cycle import DigestDay
from tests.activities.sending_office import SECRET, mail_to


def main(database: str, smtp: str) -> None:
    engine = open_database(database)
    (cycle,) = CycleStore(engine).all()
    doors = SignInDoors("http://dondoc.example", Links("http://dondoc.example", SECRET))
    notices = Notices(engine, mail_to(smtp, at_once=1), doors)
    environment = ActivityEnvironment()
    environment.info = environment.info.__class__(
        **{**environment.info.__dict__, "workflow_run_id": "run"}
    )
    now = ClockStore(engine).read().plan_time(datetime.now(UTC))
    environment.run(notices.deliver, DigestDay(cycle=cycle.id, at=now))


if __name__ == "__main__":
    main(*sys.argv[1:])
