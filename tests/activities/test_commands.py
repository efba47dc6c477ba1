from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.commands import Commands
from activities.database import BadData, DatabaseUnavailable, open_database
from models.clock import VN
from models.commands import Actor, ActorKind, AskExtension, Close, Command, Submit
from models.identifiers import task_id

TASK = task_id("lam-dong-nq57", "2026", "III.1.1", "han")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=VN)


def a_report(id_: str, *, received_at: datetime = NOON, reference: str | None = None) -> Submit:
    actor = Actor(kind=ActorKind.UNIT, ref="A")
    return Submit(
        id=id_, task=TASK, unit="A", actor=actor, received_at=received_at, reference=reference
    )


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def test_command_stored_again_is_kept_as_it_first_was(commands: Commands) -> None:
    first = a_report("c1", reference="12/BC")
    commands.store(first)

    commands.store(a_report("c1", reference="13/BC"))

    assert commands.undelivered(soon()) == [first]


def test_every_kind_of_command_comes_back_as_it_was(commands: Commands) -> None:
    actor = Actor(kind=ActorKind.OFFICER, ref="p1")
    stored: list[Command] = [
        a_report("c1"),
        AskExtension(
            id="c2",
            task=TASK,
            unit="A",
            actor=actor,
            received_at=NOON,
            last_day=date(2026, 4, 1),
            text="s1",
        ),
        Close(id="c3", task=TASK, actor=actor, received_at=NOON),
    ]

    for command in stored:
        commands.store(command)

    assert commands.undelivered(soon()) == stored


def test_undelivered_commands_are_in_the_order_of_their_receipt(commands: Commands) -> None:
    for id_, minute in (("c3", 1), ("c2", 0), ("c1", 1)):
        commands.store(a_report(id_, received_at=NOON + timedelta(minutes=minute)))

    assert [command.id for command in commands.undelivered(soon())] == ["c2", "c1", "c3"]


def test_command_stored_just_now_is_left_to_its_own_delivery(commands: Commands) -> None:
    commands.store(a_report("c1"))

    assert commands.undelivered(datetime.now(UTC) - timedelta(seconds=30)) == []


def test_decided_command_is_not_delivered_again(commands: Commands, engine: Engine) -> None:
    commands.store(a_report("c1"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE command SET verdict = 'applied'"))

    assert commands.undelivered(soon()) == []


def test_commands_received_by_many_at_once_are_all_kept(commands: Commands) -> None:
    reports = [a_report(f"c{number:03}") for number in range(200)]

    with ThreadPoolExecutor(20) as people:
        list(people.map(commands.store, reports))

    assert commands.undelivered(soon()) == reports


def test_a_command_that_cannot_be_kept_does_not_take_others_with_it(
    commands: Commands, engine: Engine
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite keeps any text")
    reports = [a_report(f"c{number:03}") for number in range(40)]
    bad = a_report("c-bad").model_copy(update={"unit": "A\x00"})

    with ThreadPoolExecutor(20) as people:
        stored = [people.submit(commands.store, report) for report in (bad, *reports)]
        errors = [future.exception() for future in stored]

    assert isinstance(errors[0], BadData)
    assert errors[1:] == [None] * len(reports)
    assert commands.undelivered(soon()) == reports


def test_undecided_and_unknown_commands_have_no_outcome(commands: Commands) -> None:
    commands.store(a_report("c1"))

    assert (commands.outcome("c1"), commands.outcome("c2")) == (None, None)


def test_same_words_have_another_reference_each_time(commands: Commands) -> None:
    """Otherwise a reference in the ledger would betray erased words to a guess."""
    first, second = commands.store_statement("Đã gọi"), commands.store_statement("Đã gọi")

    assert first != second
    assert commands.statements([first, second]) == {first: "Đã gọi", second: "Đã gọi"}


def test_words_are_found_by_their_references(commands: Commands) -> None:
    known = commands.store_statement("Đề nghị gia hạn đến 15/4")

    assert commands.statements([known, known, "unknown"]) == {known: "Đề nghị gia hạn đến 15/4"}
    assert commands.statements([]) == {}


def test_same_person_has_one_reference(commands: Commands) -> None:
    first = commands.person("Nguyễn Thị Hoa", "Chuyên viên", "VP")

    assert commands.person("Nguyễn Thị Hoa", "Chuyên viên", "VP") == first
    assert commands.person("Nguyễn Thị Hoa", "Chuyên viên", "GDTH") != first


def test_first_sign_ins_at_once_make_one_person(commands: Commands) -> None:
    with ThreadPoolExecutor(4) as pool:
        references = pool.map(lambda _: commands.person("Hoa", "Chuyên viên", "VP"), range(8))

    assert len(set(references)) == 1


def test_nothing_is_received_while_the_database_is_down() -> None:
    commands = Commands(open_database("postgresql://dondoc@127.0.0.1:1/dondoc"))

    with pytest.raises(DatabaseUnavailable):
        commands.store(a_report("c1"))
