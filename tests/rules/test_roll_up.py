"""Gathering reports level by level: nothing lost, nothing twice, whatever the order."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from models.assignment import Stage
from models.directory import UnitKind
from models.plan import TargetNumber
from models.report import (
    Draft,
    Figure,
    FigureDraft,
    FormLine,
    FormTarget,
    LineDraft,
    ReportContent,
    Reporter,
    ReportForm,
    Standing,
    Sums,
    TaskLine,
    TaskStatus,
)
from rules.report_checks import check_report
from rules.roll_up import (
    Part,
    added,
    added_by_target,
    gathered_draft,
    status_together,
    told_together,
    with_gathered,
)

TARGET = FormTarget(
    code="T", year=2026, text="100% học sinh", number=TargetNumber(op="=", value=100, unit="%")
)
LINE = FormLine(code="A", text="Tuyên truyền", timing="Thường xuyên", ongoing=True)
SHARES = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(sorted)


def a_leaf(numerator: int, denominator: int, words: str = "đã làm") -> ReportContent:
    return ReportContent(
        lines=(TaskLine(code="A", status=TaskStatus.ONGOING, result=words),),
        figures=(Figure(target="T", numerator=numerator, denominator=denominator),),
    )


def gathered(
    below: dict[str, tuple[str, ReportContent]], silent: tuple[str, ...] = ()
) -> ReportContent:
    """The report of a level above, handed in as the form opened; `below` has ids and contents."""
    parts = [Part(unit, unit, content) for unit, (_, content) in below.items()]
    targets = with_gathered([TARGET], added_by_target(parts))
    reporters = [
        Reporter(unit=u, name=u, kind=UnitKind.SCHOOL, standing=Standing.ACCEPTED, report=id_)
        for u, (id_, _) in below.items()
    ] + [Reporter(unit=u, name=u, kind=UnitKind.SCHOOL, standing=Standing.SILENT) for u in silent]
    form = ReportForm(
        assignment="p/2026/V.1/H1/X",
        unit="X",
        unit_name="X",
        title="V.1",
        plan_title="Kế hoạch",
        period="",
        stage=Stage.ASSIGNED,
        lines=(LINE,),
        targets=targets,
        reporters=tuple(reporters),
    )
    draft = gathered_draft([LINE], targets, parts)
    empty = Draft(
        lines={"A": LineDraft(status="nothing")},
        figures={"T": FigureDraft(numerator="0", denominator="0")},
    )
    content, findings = check_report(form, draft if parts else empty)
    assert content is not None, findings
    return content


def figure(content: ReportContent) -> tuple[int, int]:
    [found] = content.figures
    assert found.numerator is not None
    assert found.denominator is not None
    return found.numerator, found.denominator


Tree = st.recursive(
    SHARES, lambda children: st.lists(children, min_size=1, max_size=5), max_leaves=40
)


def leaves(tree: object) -> Iterator[list[int]]:
    """A leaf is a list of two numbers."""
    if isinstance(tree, list) and all(isinstance(each, int) for each in tree):
        yield tree
    elif isinstance(tree, list):
        for child in tree:
            yield from leaves(child)


def reported(tree: object, order: st.DataObject) -> ReportContent:
    if isinstance(tree, list) and all(isinstance(each, int) for each in tree):
        return a_leaf(*tree)
    assert isinstance(tree, list)
    numbered = order.draw(st.permutations(list(enumerate(tree))))
    below = {f"U{n}": (f"r{n}", reported(child, order)) for n, child in numbered}
    return gathered(below)


@settings(deadline=None, max_examples=60)
@given(Tree, st.data())
def test_any_tree_adds_up_to_its_leaves_in_any_order(tree: object, order: st.DataObject) -> None:
    whole = reported(tree, order)

    every = list(leaves(tree))
    assert figure(whole) == (sum(n for n, _ in every), sum(d for _, d in every))


class Reporting(RuleBasedStateMachine):
    """Schools submit, are returned, revise; hubs gather whenever they like, and again."""

    schools = {f"S{n}": f"H{n % 3}" for n in range(9)}

    def __init__(self) -> None:
        super().__init__()
        self.submitted: dict[str, tuple[str, ReportContent]] = {}
        self.accepted: dict[str, tuple[str, ReportContent]] = {}
        self.hubs: dict[str, tuple[str, ReportContent]] = {}
        self.kept: dict[str, ReportContent] = {}

    def _keep(self, content: ReportContent) -> tuple[str, ReportContent]:
        id_ = f"r{len(self.kept)}"
        self.kept[id_] = content
        return id_, content

    @rule(school=st.sampled_from(sorted(schools)), share=SHARES)
    def submits(self, school: str, share: list[int]) -> None:
        if school not in self.accepted:
            numerator, denominator = share
            self.submitted[school] = self._keep(a_leaf(numerator, denominator))

    @rule(school=st.sampled_from(sorted(schools)))
    def is_accepted(self, school: str) -> None:
        if school in self.submitted:
            self.accepted[school] = self.submitted.pop(school)

    @rule(school=st.sampled_from(sorted(schools)))
    def is_returned(self, school: str) -> None:
        self.submitted.pop(school, None)
        self.accepted.pop(school, None)

    @rule(hub=st.sampled_from(["H0", "H1", "H2"]))
    def gathers(self, hub: str) -> None:
        below = {
            school: report
            for school, report in self.accepted.items()
            if self.schools[school] == hub
        }
        silent = tuple(s for s, h in self.schools.items() if h == hub and s not in below)
        self.hubs[hub] = self._keep(gathered(below, silent))

    @invariant()
    def the_whole_is_the_sum_of_what_was_gathered_each_unit_once(self) -> None:
        counted = [each for _, content in self.hubs.values() for each in content.gathered]
        assert len({each.unit for each in counted}) == len(counted)
        leaves = [figure(self.kept[each.report]) for each in counted]
        whole = added(f for _, content in self.hubs.values() for f in content.figures)
        assert (whole.numerator if whole else 0) == sum(n for n, _ in leaves)
        assert (whole.denominator if whole else 0) == sum(d for _, d in leaves)

    @invariant()
    def whoever_is_not_gathered_is_named(self) -> None:
        for hub, (_, content) in self.hubs.items():
            named = {each.unit for each in content.gathered} | set(content.missing)
            assert named == {s for s, h in self.schools.items() if h == hub}

    def teardown(self) -> None:
        """When every hub has gathered once more, the whole is the sum of what is accepted."""
        for hub in ("H0", "H1", "H2"):
            self.gathers(hub)
        whole = added(f for _, content in self.hubs.values() for f in content.figures)
        every = [figure(content) for _, content in self.accepted.values()]
        assert whole is not None
        assert (whole.numerator, whole.denominator or 0) == (
            sum(n for n, _ in every),
            sum(d for _, d in every),
        )


TestReporting = Reporting.TestCase
TestReporting.settings = settings(deadline=None, max_examples=30, stateful_step_count=25)


def test_a_correction_stands_beside_what_was_gathered() -> None:
    stated = Figure(
        target="T", numerator=2, denominator=4, gathered=Sums(numerator=3, denominator=4, units=1)
    )

    assert stated.corrected
    assert not stated.model_copy(update={"numerator": 3}).corrected


@pytest.mark.parametrize(
    ("statuses", "together"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param(["nothing", "nothing"], "nothing", id="nothing anywhere"),
        pytest.param(["done", "nothing", "done"], "done", id="all who had it are done"),
        pytest.param(["done", "not_started"], "ongoing", id="some are done"),
        pytest.param(["not_started"], "not_started", id="none has begun"),
    ],
)
def test_status_of_several(statuses: list[str], together: str | None) -> None:
    assert status_together([TaskStatus(each) for each in statuses]) == together


def test_the_same_words_of_several_are_said_once_with_their_names() -> None:
    parts = [Part("A", "Trường A", a_leaf(1, 1)), Part("B", "Trường B", a_leaf(1, 1, "đang làm"))]
    again = Part("C", "Trường C", a_leaf(1, 1))

    draft = gathered_draft([LINE], [TARGET], [*parts, again])

    assert draft.lines["A"].result == "Trường A, Trường C: đã làm\nTrường B: đang làm"
    assert told_together(()) == ""
