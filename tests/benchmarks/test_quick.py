"""The benchmarks still work. How fast anything is, only a full run says."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import engine
from benchmarks.__main__ import main
from benchmarks.bare import BareAssignment
from benchmarks.bare_rows import BareStart, Report
from benchmarks.installation import installation


def test_a_quick_run_prints_its_figures_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "--only", "activation", "--json"])

    main()

    results = json.loads(capsys.readouterr().out)
    assert all(figure["measured"] > 0 for figure in results["figures"])
    assert {figure["part"] for figure in results["figures"]} == {"activation"}


async def test_a_life_through_the_engine_is_counted():
    life = await engine.life(10, people=5)

    assert life.assignments == 10
    assert life.history.events > 0
    assert life.usage.serving > 0


async def test_a_bare_assignment_lives_as_long():
    async with installation("bare") as installed:
        rung = datetime.now(UTC) + timedelta(seconds=0.5)
        handle = await installed.client.start_workflow(
            BareAssignment.run,
            BareStart(assignment="a"),
            id="a",
            task_queue=installed.settings.task_queue,
        )
        for kind in ("acknowledged", "submitted", "accepted"):
            report = Report(kind=kind, rungs=(rung,) if kind == "acknowledged" else ())
            assert await handle.execute_update(BareAssignment.report, report) == kind
        await handle.result()

        history = await installed.histories()

    assert history.runs == 1
