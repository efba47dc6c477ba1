"""The directory kept at the terminal, and what loading and launching leave of it."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.context import Context
from cli.launching import keep_launch, load, load_folder
from cli.upkeep import unit_add, unit_set
from models.clock import VN, Clock
from models.commands import Actor, ActorKind
from models.cycle import LaunchOrder
from tests.cli.conftest import installed

SHIPPED = Path(__file__).parents[2] / "plans" / "lam-dong-nq57"
NOW = datetime(2026, 1, 5, 8, 0, tzinfo=VN)

app = typer.Typer()
app.command("set")(unit_set)
app.command("add")(unit_add)
app.command("load")(load)


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def refused(*words: str | Path) -> str:
    return str(answered(*words, exit_code=1)["error"])


@pytest.fixture(scope="module")
def loaded(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the shipped plan and six sample schools, whose clock stands still."""
    folder = tmp_path_factory.mktemp("loaded")
    with installed(folder, migrated_file):
        context = Context()
        context.clock.set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
        load_folder(context, SHIPPED, 6)
        context.engine.dispose()
    return folder / "dondoc.db"


@pytest.fixture(autouse=True)
def context(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("COLUMNS", "200")
    with installed(tmp_path / "var", loaded):
        context = Context()
        yield context
        context.engine.dispose()


def remove(context: Context, *codes: str) -> None:
    registry = context.registry
    assert registry.change_units([], codes, seen=registry.directory())


def launch(context: Context, name: str) -> None:
    keep_launch(
        context,
        name,
        LaunchOrder(plan="", year=2026, schools=6, actor=Actor(kind=ActorKind.OFFICER)),
    )


# One unit


def test_contact_is_corrected(context: Context) -> None:
    answered("set", "Văn phòng Sở", "--email", "moi@x.vn")

    assert context.registry.directory().units["VP"].email == "moi@x.vn"


def test_removed_unit_comes_back_with_the_new_data(context: Context) -> None:
    remove(context, "PCM1")
    words = ("add", "PCM1", "--name", "Phòng Mầm non", "--kind", "division")

    result = typed(*words, "--email", "mn@x.vn")

    assert "Đã đưa trở lại danh bạ, với thông tin vừa nhập: PCM1 Phòng Mầm non" in result.stdout
    unit = context.registry.directory().units["PCM1"]
    assert (unit.email, unit.focal_person, unit.sample) == ("mn@x.vn", "", False)
    assert "Đã có đơn vị PCM1" in refused(*words)


def test_program_is_told_that_a_unit_came_back(context: Context) -> None:
    remove(context, "PCM1")

    back = answered("add", "PCM1", "--name", "Phòng Mầm non", "--kind", "division")
    new = answered("add", "P9", "--name", "Phòng 9", "--kind", "division")

    assert back["brought_back"]
    assert "brought_back" not in new


def test_removed_unit_is_not_changed_unnoticed(context: Context) -> None:
    remove(context, "PCM1")

    sentence = refused("set", "PCM1", "--email", "mn@x.vn")

    assert "dondoc unit add PCM1 --name … --kind division" in sentence
    assert context.registry.removed() == {"PCM1"}


def test_removed_unit_is_no_hub(context: Context) -> None:
    remove(context, "22918")

    sentence = refused("add", "S", "--name", "Trường S", "--kind", "school", "--hub", "22918")

    assert "không có trong danh bạ" in sentence


@pytest.mark.parametrize("code", ["A B", "A@B", "A/B", " "])
def test_code_that_means_something_else_is_refused(code: str) -> None:
    assert "Mã đơn vị" in refused("add", code, "--name", "A", "--kind", "division")


def test_two_addresses_are_refused() -> None:
    assert "không hợp lệ" in refused("set", "VP", "--email", "a@x.vn;b@x.vn")


# Loading and launching


@pytest.mark.parametrize("name", [str(SHIPPED), "lam-dong-nq57"], ids=["folder", "loaded"])
def test_launch_keeps_contacts_and_removals(context: Context, name: str) -> None:
    answered("set", "VP", "--email", "moi@x.vn")
    answered("set", "TM0001", "--email", "that@x.vn")
    remove(context, "PCM1", "TM0002")

    launch(context, name)

    units = context.registry.directory().units
    assert (units["VP"].email, units["TM0001"].email) == ("moi@x.vn", "that@x.vn")
    assert context.registry.removed() == {"PCM1", "TM0002"}
    snapshot = context.cycles.snapshots(context.cycles.all()[0]).directory.units
    assert (snapshot["VP"].email, snapshot["TM0001"].email) == ("moi@x.vn", "that@x.vn")
    assert {"PCM1", "TM0002"}.isdisjoint(snapshot)


def test_load_says_what_it_did_not_take(context: Context) -> None:
    answered("set", "VP", "--email", "moi@x.vn")
    remove(context, "PCM1")

    said = answered("load", SHIPPED, "--schools", "6")

    assert said["units"] == 139
    told = {finding["place"]: finding["message"] for finding in said["findings"]}
    assert "giữ thư điện tử đang có" in told["VP"]
    assert "đã được đưa ra khỏi danh bạ" in told["PCM1"]


def test_person_reads_what_is_wrong_with_a_folder_and_what_to_do(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "ke-hoach [1]")
    (folder / "units.xlsx").touch()

    result = typed("load", folder)

    assert result.exit_code == 1
    assert f"{folder}: có cả units.csv và units.xlsx." in result.stderr
    assert "→ Chỉ giữ lại một danh sách đơn vị." in result.stderr


def test_no_school_is_made_up_beside_real_ones(context: Context) -> None:
    answered("add", "S", "--name", "Trường S", "--kind", "school", "--hub", "22918")

    answered("load", SHIPPED, "--schools", "9")

    assert "TM0009" not in context.registry.directory().units
    assert [u.code for u in context.launcher.launchable(9).schools_of("22918")] == ["S"]
