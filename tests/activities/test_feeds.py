"""Addresses of calendar feeds."""

import pytest
from sqlalchemy import Engine, text

from activities.feeds import Feeds


@pytest.fixture
def feeds(engine: Engine) -> Feeds:
    return Feeds(engine, "https://dondoc.example/")


def token(url: str) -> str:
    return url.removeprefix("https://dondoc.example/lich/").removesuffix(".ics")


def test_secret_opens_the_calendar_of_its_unit(feeds: Feeds):
    assert feeds.unit_of(token(feeds.create("VP"))) == "VP"
    assert feeds.unit_of("guessed") is None


def test_revoked_feed_is_closed_and_the_others_stay_open(feeds: Feeds):
    kept, lost = feeds.create("VP", label="máy bàn"), feeds.create("VP", label="điện thoại")
    (lost_id,) = [feed.id for feed in feeds.of_unit("VP") if feed.label == "điện thoại"]

    assert feeds.revoke(lost_id, unit="VP")

    assert feeds.unit_of(token(lost)) is None
    assert feeds.unit_of(token(kept)) == "VP"
    assert [feed.label for feed in feeds.of_unit("VP")] == ["máy bàn"]


def test_unit_cannot_revoke_the_feed_of_another(feeds: Feeds):
    url = feeds.create("VP")

    assert not feeds.revoke(feeds.of_unit("VP")[0].id, unit="TM0001")
    assert feeds.unit_of(token(url)) == "VP"


def test_database_does_not_hold_the_secret(feeds: Feeds, engine: Engine):
    secret = token(feeds.create("VP"))

    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM feed")).all()
    assert secret not in repr(rows)
