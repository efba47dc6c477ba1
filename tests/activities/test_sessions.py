"""Sessions, on both databases."""

from sqlalchemy import Engine

from activities.sessions import Device, Sessions


def test_a_link_begins_one_session_and_no_second(engine: Engine):
    sessions = Sessions(engine)

    secret = sessions.begin_for_unit("VP", Device(), link="mot")

    assert secret is not None
    visitor = sessions.visitor(secret)
    assert visitor is not None
    assert visitor.unit == "VP"
    assert sessions.begin_for_unit("VP", Device(), link="mot") is None
