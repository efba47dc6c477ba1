"""Who may send what: claims of several workers, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from activities.outbox import Claimant, Outbox
from rules.channels import EMAIL
from tests.activities.sending_office import Office, mail_to
from tests.receivers import mail_server
from tests.workflows.builders import many_units, moment

LAUNCHED = moment("05/01", "09:00")
ASSIGNED = moment("06/01", "08:00")


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine, at=LAUNCHED)


def test_two_workers_that_drain_at_once_send_nothing_twice(engine: Engine) -> None:
    office = Office(engine, at=LAUNCHED, units=many_units(80))
    office.until(ASSIGNED)
    office.compose()
    with mail_server() as server:
        workers = [
            threading.Thread(target=office.deliver, args=(mail_to(server),), kwargs={"work": name})
            for name in ("a", "b")
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(server.box.mails) == len(set(server.box.ids())) == len(office.messages())


def test_a_claim_of_a_worker_that_died_is_taken_over_when_it_is_old(office: Office) -> None:
    office.until(ASSIGNED)
    office.compose()
    mailroom = office.mailroom()
    for outbox, expected in (
        (Outbox(office.engine), True),
        (Outbox(office.engine), False),
        (Outbox(office.engine, claim_for=timedelta(0)), True),
    ):
        claimant = Claimant(f"w{id(outbox)}", 1)
        found = outbox.claim(
            mailroom, office.cycle, EMAIL, claimant, now=office.now, most=100, per_minute=0
        )
        assert bool(found) is expected


def test_a_channel_takes_no_more_a_minute_than_it_may(office: Office) -> None:
    office.until(ASSIGNED)
    office.compose()
    outbox, claimant = Outbox(office.engine), Claimant("w", 1)
    mailroom = office.mailroom()

    first = outbox.claim(
        mailroom, office.cycle, EMAIL, claimant, now=office.now, most=25, per_minute=3
    )
    second = outbox.claim(
        mailroom, office.cycle, EMAIL, claimant, now=office.now, most=25, per_minute=3
    )

    assert first is not None
    assert len(first) == 3
    assert second is None
