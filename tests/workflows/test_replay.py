"""Histories of every recorded shape replay with the code of today."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from temporal_client import DATA_CONVERTER, sandbox_runner
from workflows.cycle import CycleWorkflow
from workflows.plan_task import PlanTaskWorkflow

HISTORIES = sorted((Path(__file__).parents[1] / "histories").glob("*.json"))


RECORDED = {file.stem: json.loads(file.read_text("utf-8")) for file in HISTORIES}


@pytest.mark.parametrize("shape", RECORDED)
async def test_a_recorded_history_replays(shape: str) -> None:
    recorded = RECORDED[shape]
    history = WorkflowHistory.from_json(recorded["workflow"], recorded["history"])
    replayer = Replayer(
        workflows=[CycleWorkflow, PlanTaskWorkflow],
        workflow_runner=sandbox_runner(),
        data_converter=DATA_CONVERTER,
    )

    await replayer.replay_workflow(history)


def test_there_are_histories_of_both_workflows() -> None:
    assert {shape.partition("-")[0] for shape in RECORDED} == {"cycle", "task"}
