"""What holds for any commands at any times, for a task with several units."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from models.assignment import OWING, Role, TaskState, Waiting
from models.commands import (
    Accept,
    Acknowledge,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Close,
    DocumentIssued,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Resume,
    Return,
    SetDate,
    Submit,
    Suspend,
    Verdict,
    Void,
    Withdraw,
)
from models.events import (
    EVENTS,
    CommandFailed,
    Event,
    Refused,
    RungFired,
    Submitted,
)
from models.policy import Policy
from rules.due import _tracks, due, next_instant, next_reason
from rules.evolve import compact, fold
from rules.follow_up import step
from rules.notices import notices_of
from rules.projection import assignment_rows, task_row, touched
from tests.rules.builders import LAUNCH, OFFICER, TASK, an_opening, member, on, the_unit

UNITS = ("X1", "X2", "GDTRH", "T1", "T2", "PCM1")
HUBS = {"T1": "X1", "T2": "X1"}
SHORT = Policy(weekly_rungs=3)
ACTORS = (OFFICER, the_unit("X1"), the_unit("T1"), the_unit("GDTRH"), the_unit("LDS"))

units = st.sampled_from(UNITS)
days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 8, 31))
members = units.map(lambda code: member(code, HUBS.get(code)))
unit_verbs = st.sampled_from(
    [
        (Acknowledge, st.fixed_dictionaries({"undo": st.booleans()})),
        (Submit, st.fixed_dictionaries({})),
        (Submit, st.just({"on_behalf": True, "reference": "7/BC"})),
        (Withdraw, st.fixed_dictionaries({})),
        (Accept, st.fixed_dictionaries({})),
        (Return, st.fixed_dictionaries({"last_day": st.none() | days})),
        (Reopen, st.fixed_dictionaries({})),
        (AskExtension, st.fixed_dictionaries({"last_day": days})),
        (GrantExtension, st.fixed_dictionaries({"last_day": st.none() | days})),
        (RefuseExtension, st.fixed_dictionaries({})),
        (Reassign, st.fixed_dictionaries({"to": members})),
        (Reschedule, st.fixed_dictionaries({"last_day": days})),
        (Cancel, st.just({"reference": "12/QĐ"})),
        (Suspend, st.just({})),
        (Resume, st.just({})),
        (Note, st.fixed_dictionaries({"kind": st.sampled_from(NoteKind)})),
    ]
)
allocations = st.fixed_dictionaries({"units": st.tuples(members), "role": st.sampled_from(Role)})
task_verbs = st.sampled_from(
    [
        (Allocate, allocations),
        (SetDate, st.fixed_dictionaries({"last_day": days})),
        (Reschedule, st.fixed_dictionaries({"last_day": st.just(date.max) | days})),
        (DocumentIssued, st.fixed_dictionaries({"number": st.just("1/UBND"), "issued_on": days})),
        (Adopt, st.fixed_dictionaries({"settled": st.booleans(), "late": st.booleans()})),
        (Cancel, st.just({"reference": "12/QĐ"})),
        (Suspend, st.just({})),
        (Resume, st.just({})),
    ]
)
minutes = st.integers(min_value=0, max_value=60 * 24 * 20).map(lambda n: timedelta(minutes=n))
instants = st.integers(0, 60 * 24 * 180).map(lambda n: LAUNCH + timedelta(minutes=n))
openings = st.sampled_from(
    [
        {},
        {"waiting": (Waiting.ALLOCATION,)},
        {"launched": on("15/06")},
        {"launched": on("16/02", "09:00")},
        {"last_day": None, "waiting": (Waiting.DATE,)},
        {"last_day": None, "waiting": (Waiting.DOCUMENT,), "dormant_days": 15},
        {"ongoing": True},
    ]
)
# The units a command may change besides its own.
OTHERS = {"reassign": lambda command: {command.to.code}}


class FollowedUp(RuleBasedStateMachine):
    """A task, its ledger so far, and what is told; time only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = LAUNCH
        self.events: list[Event] = []
        self.state: Any = None
        self.number = 0
        self.told: set[tuple[object, ...]] = set()
        self.recorded: set[tuple[object, ...]] = set()
        self.late: set[str] = set()

    @initialize(about=openings)
    def open(self, about):
        opening = an_opening("X1", "X2", "GDTRH", schools=HUBS, policy=SHORT, **about)
        self.at = opening[0].at
        self._take_in(opening, fold(None, opening))
        self._step([])

    @rule(wait=minutes)
    def time_passes(self, wait):
        self.at += wait
        self._step([])

    @rule()
    def the_next_instant_comes(self):
        instant = next_instant(self.state, at=self.at)
        if instant is not None:
            self.at = max(self.at, instant)
            self._step([])

    @rule(
        verb=unit_verbs,
        unit=units,
        actor=st.sampled_from(ACTORS),
        ago=minutes,
        data=st.data(),
        own=st.booleans(),
    )
    def somebody_asks_about_a_unit(self, verb, unit, actor, ago, data, own):
        kind, fields = verb
        by = the_unit(unit) if own else actor
        before = self.state
        command = self._command(kind, by, ago, unit=unit, **data.draw(fields))

        taken = self._step([command])

        changed = {
            code
            for code in before.assignments
            if taken.deciding.assignments[code] != before.assignments[code]
        }
        assert changed <= {unit} | OTHERS.get(command.verb, lambda _: set())(command)

    @rule(verb=task_verbs, data=st.data())
    def the_officer_asks_about_the_task(self, verb, data):
        kind, fields = verb
        self._step([self._command(kind, OFFICER, timedelta(0), **data.draw(fields))])

    @rule()
    def the_task_is_carried_into_a_new_run(self):
        tidied = compact(self.state)
        assert tidied.assignments == self.state.assignments
        assert due(tidied, at=self.at) == due(self.state, at=self.at)
        assert task_row(tidied, at=self.at) == task_row(self.state, at=self.at)
        assert assignment_rows(tidied, UNITS[:1]) == assignment_rows(self.state, UNITS[:1])

    @precondition(lambda self: len(self.events) > 40)
    @rule(kind=st.sampled_from([Close, Void]))
    def the_officer_ends_it(self, kind):
        self._step([self._command(kind, OFFICER, timedelta(0))])
        assert next_instant(self.state, at=self.at) is None

    @invariant()
    def the_next_look_lies_ahead(self):
        if self.state is not None:
            instant = next_instant(self.state, at=self.at)
            assert instant is None or instant > self.at
            assert bool(next_reason(self.state, at=self.at)) == (instant is not None)
            assert due(self.state, at=self.at) == []

    def teardown(self):
        if self.state is not None:
            self._replays()
            self._ends()

    def _replays(self):
        assert fold(None, self.events) == self.state
        written = EVENTS.validate_json(EVENTS.dump_json(self.events))
        assert fold(None, written) == self.state
        assert TaskState.model_validate_json(self.state.model_dump_json()) == self.state

    def _ends(self):
        for _ in range(400):
            instant = next_instant(self.state, at=self.at)
            if instant is None:
                return
            assert instant > self.at
            self.at = instant
            self._step([])
        raise AssertionError("the task is never done")

    def _command(self, verb, actor, ago, /, **fields):
        self.number += 1
        return verb(
            id=f"c{self.number:03}",
            task=TASK,
            actor=actor,
            received_at=self.at - ago,
            text="lý do",
            **fields,
        )

    def _step(self, commands):
        before = self.state
        taken = step(before, commands, at=self.at)
        assert [outcome.command for outcome in taken.outcomes] == [c.id for c in commands]
        for outcome in taken.outcomes:
            assert outcome.verdict is Verdict.APPLIED or outcome.reason
        decided = [event for event in taken.events if event.command is not None]
        if decided and isinstance(decided[0], Refused | CommandFailed):
            assert len(decided) == 1
            assert fold(before, decided) == before
        self._take_in(taken.events, taken.state)
        return _Taken(fold(before, decided) if decided else before)

    def _take_in(self, events, state):
        before = self.state
        self.events += events
        self.state = state
        self._nothing_is_recorded_or_told_twice(events)
        self._only_what_is_owed_is_chased(events)
        self._late_stays_late()
        self._units_that_stand_alike_have_the_same_clocks()
        self._rows_are_written(before, events)

    def _nothing_is_recorded_or_told_twice(self, events):
        for event in events:
            if isinstance(event, RungFired):
                # A reviewer's clock begins anew with every report, on the same deadline.
                begun = event.scheduled if event.clock == "review" else None
                for each in event.rungs:
                    key = (event.unit, event.version, event.clock, each, begun)
                    assert key not in self.recorded
                    self.recorded.add(key)
        for line in notices_of(self.state, events):
            told = (line.unit, line.version, line.rung, line.recipient)
            # A question answered and open again on one day is told once that day.
            assert told not in self.told or line.kind.startswith("ask-")
            self.told.add(told)

    def _only_what_is_owed_is_chased(self, events):
        for event in events:
            if isinstance(event, RungFired) and event.clock in ("due", "ack"):
                assert self.state.assignments[event.unit].stage in OWING
            if isinstance(event, RungFired) and event.clock == "due" and event.level > 0:
                assignment = self.state.assignments[event.unit]
                if assignment.extension is not None:
                    clock = self.state.ladders[assignment.review].rungs
                    assert assignment.review_mark == clock[-1].at

    def _units_that_stand_alike_have_the_same_clocks(self):
        for alike in self.state.alike:
            assert len({tuple(_tracks(self.state, assignment)) for assignment in alike}) == 1
            assert len({assignment.stage for assignment in alike}) == 1
        assert sum(map(len, self.state.alike)) == len(self.state.assignments)

    def _late_stays_late(self):
        for unit in self.late:
            assert self.state.assignments[unit].late
        self.late = {unit for unit, a in self.state.assignments.items() if a.late}

    def _rows_are_written(self, before, events):
        if before is None:
            return
        changed = {
            unit
            for unit, assignment in self.state.assignments.items()
            if assignment != before.assignments.get(unit)
        }
        assert changed <= set(touched(self.state, events))


class _Taken:
    """What the commands alone led to, before the rungs that fired on it."""

    def __init__(self, deciding: TaskState) -> None:
        self.deciding = deciding


FollowedUp.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyTaskThatIsFollowedUp = FollowedUp.TestCase


@settings(max_examples=60, deadline=None)
@given(
    received=instants,
    lag=st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_lateness_depends_on_the_receipt_alone(received, lag):
    opening = an_opening("X1", policy=SHORT)
    state = fold(None, opening)
    while (instant := next_instant(state, at=LAUNCH)) is not None and instant <= received + lag:
        fired = due(state, at=instant)
        if not fired:
            break
        state = fold(state, fired)
    report = Submit(
        id="c1", task=TASK, actor=the_unit("X1"), received_at=received, unit="X1", text=None
    )

    (submitted,) = [
        event
        for event in step(state, [report], at=received + lag).events
        if isinstance(event, Submitted)
    ]

    assert submitted.late is (received >= on("01/03", "00:00"))


@settings(max_examples=40, deadline=None)
@given(looks=st.lists(instants, max_size=8))
def test_however_seldom_one_looks_every_rung_is_recorded_once(looks):
    state = fold(None, an_opening("X1", schools={"T1": "X1"}, policy=SHORT))
    recorded: list[tuple[str, str, str]] = []
    for look in [*sorted(looks), on("31/12")]:
        fired: list[Any] = [*due(state, at=look)]
        state = fold(state, fired)
        recorded += [(e.unit, e.clock, each) for e in fired for each in e.rungs]

    ladder = [rung.id for rung in state.deadlines["performer@2026-02-28"].ladder.rungs]
    assert [each for unit, clock, each in recorded if (unit, clock) == ("X1", "due")] == ladder
    assert len(recorded) == len(set(recorded))
