"""Tokens of programs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from activities.accounts import Accounts
from activities.subscriptions import Subscriptions
from activities.tokens import PREFIX, Tokens
from models.visitor import Scope, VisitorRole

YEAR = timedelta(days=365)


@pytest.fixture
def tokens(engine: Engine) -> Tokens:
    return Tokens(engine)


def an_officer(engine: Engine) -> str:
    account = Accounts(engine).add("ntlan", VisitorRole.OFFICER, name="Chuyên viên thử")
    assert account
    return account.id


def test_token_lets_in_as_its_account_for_what_it_was_made_for(tokens: Tokens, engine: Engine):
    secret = tokens.make(
        "trục văn bản", [Scope.EVENTS], lasts=YEAR, account=an_officer(engine)
    ).secret

    holder = tokens.holder(secret)

    assert holder is not None
    assert (holder.visitor.role, holder.visitor.name) == ("officer", "Chuyên viên thử")
    assert holder.scopes == {Scope.EVENTS}
    assert tokens.holder(secret + "x") is None


def test_token_of_a_unit_names_who_answers_for_it(tokens: Tokens):
    secret = tokens.make(
        "phần mềm", Scope, lasts=YEAR, unit="VP", name="A", position="Văn thư"
    ).secret

    holder = tokens.holder(secret)

    assert holder is not None
    assert (holder.visitor.role, holder.visitor.unit, holder.visitor.name) == ("unit", "VP", "A")


def test_revoked_and_expired_tokens_let_nobody_in(tokens: Tokens):
    revoked = tokens.make("một", [Scope.READ], lasts=YEAR, unit="VP")
    expired = tokens.make("hai", [Scope.READ], lasts=timedelta(seconds=-1), unit="VP").secret

    assert tokens.revoke(revoked.id)
    assert not tokens.revoke(revoked.id)
    assert tokens.holder(revoked.secret) is None
    assert tokens.holder(expired) is None


def test_what_a_token_subscribed_to_ends_with_it(tokens: Tokens, engine: Engine):
    one = tokens.make("một", [Scope.SUBSCRIPTIONS], lasts=YEAR, unit="VP").id
    two = tokens.make("hai", [Scope.SUBSCRIPTIONS], lasts=YEAR, unit="VP").id
    subscriptions = Subscriptions(engine)
    for token in (one, two):
        url = f"https://{token}.example"
        subscriptions.make(f"s-{token}", url, account=None, unit="VP", token=token)

    tokens.revoke(one)

    assert [each.id for each in subscriptions.of(account=None, unit="VP")] == [f"s-{two}"]


def test_token_of_a_disabled_account_lets_nobody_in(tokens: Tokens, engine: Engine):
    account = an_officer(engine)
    secret = tokens.make("một", [Scope.READ], lasts=YEAR, account=account).secret

    Accounts(engine).disable(account)

    assert tokens.holder(secret) is None


@pytest.mark.parametrize("act", [Accounts.disable, Accounts.reset])
def test_tokens_and_subscriptions_of_an_account_end_with_it_and_stay_ended(
    tokens: Tokens, engine: Engine, act: Callable[[Accounts, str], object]
):
    account, subscriptions = an_officer(engine), Subscriptions(engine)
    secret = tokens.make("một", [Scope.READ], lasts=YEAR, account=account).secret
    of_a_unit = tokens.make("hai", [Scope.READ], lasts=YEAR, unit="VP").secret
    subscriptions.make("office", "https://a.example", account=account, unit=None)
    subscriptions.make("VP", "https://a.example", account=None, unit="VP")

    act(Accounts(engine), account)
    Accounts(engine).reset(account)

    assert tokens.holder(secret) is None
    assert tokens.holder(of_a_unit) is not None
    assert subscriptions.of(account=account, unit=None) == []
    assert [each.id for each in subscriptions.of(account=None, unit="VP")] == ["VP"]


def test_database_does_not_hold_the_secret(tokens: Tokens, engine: Engine):
    secret = tokens.make("một", [Scope.READ], lasts=YEAR, unit="VP").secret

    assert secret.startswith(PREFIX)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM token")).all()
    assert secret not in str(rows)


def test_list_tells_whose_tokens_there_are_and_when_they_were_used(tokens: Tokens, engine: Engine):
    tokens.make("chưa dùng", [Scope.READ], lasts=YEAR, account=an_officer(engine))
    used = tokens.make("đã dùng", [Scope.READ, Scope.WRITE], lasts=YEAR, unit="VP").secret
    tokens.holder(used)

    newest, oldest = tokens.all()

    assert (newest.holder, newest.label, newest.used_at is None) == ("VP", "đã dùng", False)
    assert (oldest.holder, oldest.scopes, oldest.used_at) == ("ntlan", (Scope.READ,), None)
