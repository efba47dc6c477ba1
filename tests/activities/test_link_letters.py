"""Whose new link is queued, and how often, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from time import process_time

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from activities.link_letters import ADDRESS_LIMIT, MOST_UNPROVEN_A_DAY, LinkRequests
from activities.links import Link, LinkKind
from activities.sessions import Device
from models.tables import AccessTable, ContactTable, LinkLetterTable, UnitTable

SHARED = "chung@example.vn"
MACHINES = (Device(f"10.0.0.{number}") for number in count(1))


@pytest.fixture
def requests(engine: Engine) -> LinkRequests:
    with Session(engine) as session:
        for code in ("Tm-01", "U1", "U2", "U3", "U4", "Đơn"):
            email, name = (SHARED, "Kim Đồng") if code.startswith("U") else ("", code)
            session.add(UnitTable(code=code, name=f"Trường {name}", kind="school", email=email))
        for code, email, until in (
            ("Tm-01", "Moi@example.vn", None),
            ("Đơn", "cu@example.vn", date(2020, 1, 1)),
        ):
            session.add(ContactTable(unit=code, role="focal", email=email, valid_until=until))
        session.commit()
    return LinkRequests(engine)


def queued(engine: Engine) -> list[str]:
    with Session(engine) as session:
        refs = select(col(LinkLetterTable.ref))
        return sorted(session.scalars(refs))


def later(engine: Engine, time: timedelta) -> None:
    with Session(engine) as session:
        for row in session.scalars(select(LinkLetterTable)).all():
            row.asked_at -= time
        session.commit()


def held(unit: str) -> Link:
    return Link(LinkKind.UNIT, unit, "an old one", datetime.now(UTC))


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("Tm-01", "Tm-01"),
        (" TM-01", "Tm-01"),
        ("đơn", "Đơn"),
        ("ĐƠN", "Đơn"),
        ("truong TM 01", "Tm-01"),
        ("Trường", None),
        ("Trường Kim Đồng", None),
        ("moi@EXAMPLE.vn", "Tm-01"),
        ("cu@example.vn", None),
        ("", None),
    ],
)
def test_unit_is_known_by_its_code_its_name_and_where_its_letters_go(
    engine: Engine, requests: LinkRequests, said: str, unit: str | None
) -> None:
    assert requests.ask_as(said, next(MACHINES))
    assert queued(engine) == ([unit] if unit else [])


def test_the_longest_text_is_looked_up_in_a_moment(engine: Engine, requests: LinkRequests) -> None:
    disordered = "U1" + "\u0301\u0323" * 20_000  # marks are put in order, in quadratic time
    begun = process_time()
    assert requests.ask_as(disordered, next(MACHINES))
    assert process_time() - begun < 2
    assert queued(engine) == ["U1"]  # marks are passed over, as everywhere


def test_strangers_do_not_shut_out_whoever_holds_a_link(
    engine: Engine, requests: LinkRequests
) -> None:
    for _ in range(6):
        requests.ask_as("U1", next(MACHINES))
        later(engine, timedelta(hours=1))
    assert len(queued(engine)) == MOST_UNPROVEN_A_DAY

    requests.ask_as("U2", next(MACHINES))
    requests.ask(held("U2"), next(MACHINES))
    requests.ask(held("U1"), next(MACHINES))
    assert queued(engine) == ["U1", "U1", "U1", "U2", "U2"]


def test_each_unit_of_a_shared_mailbox_has_its_turn(engine: Engine, requests: LinkRequests) -> None:
    requests.ask_as(SHARED, next(MACHINES))
    assert queued(engine) == ["U1", "U2", "U3"]

    later(engine, timedelta(days=2))
    requests.ask_as(SHARED, next(MACHINES))
    assert queued(engine) == ["U1", "U1", "U2", "U2", "U3", "U4"]


def test_found_or_not_a_request_is_one_line_of_the_record(
    engine: Engine, requests: LinkRequests
) -> None:
    for said in (SHARED, "U1", "ai@example.vn"):
        requests.ask_as(said, next(MACHINES))

    with Session(engine) as session:
        lines = session.execute(select(col(AccessTable.login), col(AccessTable.unit))).all()
    assert [tuple(line) for line in lines] == [
        (SHARED, None),
        ("U1", None),
        ("ai@example.vn", None),
    ]


def test_request_that_is_not_recorded_sends_nothing(
    engine: Engine, requests: LinkRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("activities.link_letters.note_passing", killed)
    with pytest.raises(KeyboardInterrupt):
        requests.ask_as("U1", next(MACHINES))
    assert queued(engine) == []


def test_requests_at_once_are_counted_one_by_one(engine: Engine, requests: LinkRequests) -> None:
    machine, many = next(MACHINES), ADDRESS_LIMIT + 5
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: requests.ask_as("U1", machine), range(many)))

    assert answers.count(True) == ADDRESS_LIMIT
    assert queued(engine) == ["U1"]
