"""What a cycle's mail survives: the real workflow, a real mail server, and faults on the way."""

from collections import Counter

from models.commands import Return, Submit
from models.directory import Unit
from tests.receivers import Mailbox, mail_server
from tests.servers import a_free_port
from tests.workflows.builders import a_plan, moment, some_units, unit_actor
from tests.workflows.world import World, until, until_async

LAUNCHED = moment("05/01", "09:00")
GDTRH, T1, T2 = (f"{code}@vd.example" for code in ("gdtrh", "t1", "t2"))


def written_to(world: World, url: str) -> None:
    world.settings = world.settings.model_copy(update={"smtp_url": url})


def plain(mail) -> str:
    return str(mail.get_body(("plain",)).get_content())


async def digest_is_over(world: World, day: str) -> None:
    async def sent_until() -> bool:
        return (await world.progress()).sent_until >= moment(day, "07:30")

    await until_async(sent_until, f"the digest of {day} is over")


async def test_after_two_days_without_a_server_everything_goes_once_to_the_address_of_today(
    world: World,
) -> None:
    port = a_free_port()
    written_to(world, f"smtp://127.0.0.1:{port}")
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        for day in ("06/01", "07/01"):
            await world.set_clock(moment(day))
            await digest_is_over(world, day)
        # Outside the window nothing is being handed over while the address changes.
        await world.set_clock(moment("07/01", "20:00"))
        await until(lambda: not any(d.claimed_at for d in world.dispatches()), "nothing is claimed")
        queued = world.dispatches()
        moved = world.registry.unit("T1")
        assert isinstance(moved, Unit)
        world.registry.keep_units([moved.model_copy(update={"email": "moi@vd.example"})])
        with mail_server(port=port) as server:
            await world.step_to(moment("08/01"))

    accepted = world.dispatches()
    assert {dispatch.state for dispatch in queued} == {"queued"}
    assert {dispatch.state for dispatch in accepted} == {"accepted"}
    assert len(server.box.mails) == len(set(server.box.ids())) == len(accepted)
    assert all(dispatch.attempts == 1 for dispatch in accepted)
    assert server.box.to("moi@vd.example")
    assert not server.box.to(T1)


async def test_what_comes_a_minute_before_tet_leaves_on_the_first_morning_after_it(
    world: World,
) -> None:
    reason = world.commands.store_statement("Thiếu minh chứng")
    with mail_server() as server:
        written_to(world, server.url)
        async with world.worker():
            await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
            await world.step_to(moment("13/02", "16:00"))
            task = world.task("III.1.d")
            await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
            await world.set_clock(moment("13/02", "23:59"))
            await world.send(Return, task, unit="T1", text=reason)
            before = len(server.box.mails)
            for at in (moment("16/02", "10:00"), moment("23/02", "07:00")):
                await world.step_to(at)
            during = len(server.box.mails)
            await world.step_to(moment("23/02", "07:30"))

    assert during == before
    (told,) = [mail for mail in server.box.to(T1) if "Thiếu minh chứng" in plain(mail)]
    assert told["X-Dondoc-Day"] == "2026-02-23"


async def test_each_recipient_that_fails_is_tried_again_at_its_own_minute_then_given_up(
    world: World,
) -> None:
    """T1 is put off, then refused; the first mail of all is cut off after its content."""
    box = Mailbox()
    box.cut_after_data = 1
    refusals = {1: "451 later", 2: "550 no such user"}
    box.answers.append(lambda address, tried: refusals.get(tried) if address == T1 else None)
    with mail_server(box) as server:
        written_to(world, server.url)
        async with world.worker():
            await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
            for at in (moment("06/01"), moment("06/01", "09:00"), moment("07/01")):
                await world.step_to(at)

    (dead,) = [dispatch for dispatch in world.dispatches() if dispatch.state == "dead"]
    first, *repeated = [id_ for id_, times in Counter(box.ids()).items() if times == 2]
    assert (dead.recipient, dead.attempts, dead.answer) == ("T1", 2, "550 no such user")
    assert first == box.ids()[0]
    assert repeated == []
    assert any("no such user" in plain(mail) for mail in box.to(GDTRH))
    assert len(set(box.ids())) == len([d for d in world.dispatches() if d.state == "accepted"])
