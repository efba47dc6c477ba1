"""The examples of docs/api.md are sent as they stand there."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

import web
from models.visitor import VisitorRole
from tests.web.conftest import HERE, Installation
from web.api.problems import KINDS

PAGE = (Path(web.__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("curl ")
]


async def send(program: httpx.AsyncClient, words: list[str]) -> httpx.Response:
    """What curl would send."""
    method, address, content = "GET", "", None
    headers = {}
    rest = iter(words)
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                content = next(rest).encode()
            case _:
                address = word
    return await program.request(method, address, headers=headers, content=content)


@pytest.mark.parametrize("example", EXAMPLES)
async def test_example_is_answered(installation: Installation, example: str):
    token = installation.token_of(VisitorRole.OFFICER)
    _curl, *words = shlex.split(example.replace("$DONDOC", HERE).replace("$TOKEN", token))

    async with installation.browser() as program:
        answer = await send(program, words)

    assert answer.status_code in (200, 201, 202), answer.text


def test_there_are_examples_of_reading_acting_and_events():
    told = " ".join(EXAMPLES)

    assert all(part in told for part in ("/assignments?", "Idempotency-Key", "/api/v1/events"))


def test_every_code_of_a_problem_is_written_down():
    assert [code for code in KINDS if f"`{code}`" not in PAGE] == []


async def test_every_address_of_the_description_is_written_down(installation: Installation):
    async with installation.browser() as browser:
        paths = (await browser.get("/api/v1/openapi.json")).json()["paths"]

    last = {path.rpartition("/")[2] for path in paths}
    assert [each for each in sorted(last) if "{" not in each and each not in PAGE] == []
