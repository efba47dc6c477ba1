"""The deployment files name only settings and commands that exist, and the locks hold."""

import re
import tomllib
from pathlib import Path

import pytest
import typer.main
from ruamel.yaml import YAML

from settings import Settings

ROOT = Path(__file__).parent.parent
SETTINGS = {f"DONDOC_{field.upper()}" for field in Settings.model_fields}
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def services():
    return YAML(typ="safe").load(read("docker-compose.yml"))["services"]


def our_services():
    return {name: service for name, service in services().items() if "build" in service}


def known_commands() -> set[str]:
    from starter import app

    return set(vars(typer.main.get_command(app))["commands"])


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", read(lock), re.MULTILINE))


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile", "Makefile"])
def test_only_settings_that_exist_are_set(file):
    assert set(re.findall(r"DONDOC_[A-Z_]*[A-Z]", read(file))) <= SETTINGS


def test_every_service_of_ours_runs_a_command_that_exists():
    started = {name: service["command"][:2] for name, service in our_services().items()}

    assert started
    assert all(program == "dondoc" for program, _ in started.values())
    assert {command for _, command in started.values()} <= known_commands()


@pytest.mark.parametrize("file", ["Dockerfile", "Makefile"])
def test_every_command_of_the_build_files_exists(file):
    typed = re.findall(r'(?:/dondoc |"dondoc", ")([a-z-]+)', read(file))

    assert typed
    assert set(typed) <= known_commands()


def test_distributed_services_use_the_servers_of_the_file():
    for service in our_services().values():
        environment = service["environment"]
        assert environment["DONDOC_EMBEDDED"] == "false"
        assert environment["DONDOC_TEMPORAL_ADDRESS"].partition(":")[0] in services()
        assert set(re.findall(r"@([a-z-]+)[:/]", environment["DONDOC_DATABASE_URL"])) <= {
            *services()
        }


def test_what_a_service_waits_for_is_in_the_file():
    names = set(services())

    for service in services().values():
        assert set(service.get("depends_on", {})) <= names


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_with_hashes_and_names_no_place(lock):
    text = read(lock)
    entries = re.split(r"\n(?=\S)", text[text.index("==") :])

    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries[1:])
    assert not re.search(r"://|--index|--find-links|(^|\s)/", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_everything_that_is_asked_for(lock):
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["build"]]
    if lock == "requirements-dev.lock":
        asked += extras["dev"]

    names = {re.split(r"[\[<>=]", one)[0].replace(".", "-") for one in asked}
    assert names <= set(pins(lock))


def test_both_locks_agree():
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_folder_and_module_of_ours_is_shipped():
    shipped = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests", "benchmarks"}
    modules = {path.stem for path in ROOT.glob("*.py") if not path.stem.startswith("_")}

    assert folders <= set(shipped["packages"])
    assert modules <= set(shipped["py-modules"])
