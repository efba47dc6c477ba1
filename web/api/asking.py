"""Commands through the API: a key names the request, so that asking again asks once.

The id of a command is made from its holder and key. The engine decides an id once; what the key
was first used for is kept beside it, so that another request under the same key is told apart.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Header, Request
from starlette.responses import JSONResponse, Response

from activities.asked import Key
from models.commands import Command, Verdict
from models.visitor import Visitor
from web.acts import Answer, answer_of
from web.api.problems import problem
from web.api.shapes import Answers, CommandAnswer
from web.tools import Tools

Build = Callable[[str], Sequence[Command]]

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{8,200}$",
        description="Tên riêng của yêu cầu này, 8–200 ký tự, như một UUID. Gửi lại cùng khóa và "
        "cùng nội dung thì chỉ được thực hiện một lần; cùng khóa khác nội dung bị từ chối (422).",
        openapi_examples={"uuid": {"value": "0d9c2b1e-6a0f-4d55-9a3e-1f7b2c8d4e60"}},
    ),
]
# How a route that asks something of the engine is declared.
ACT: dict[str, Any] = {
    "response_model": Answers,
    "response_description": "Đã ghi nhận.",
    "responses": {
        202: {
            "model": Answers,
            "description": "Đã nhận, sẽ được xét; hỏi kết quả ở `/api/v1/commands/{id}`.",
        }
    },
}


class Keying(NamedTuple):
    """A request as its key knows it again."""

    key: str
    fingerprint: str

    def of(self, visitor: Visitor) -> Key:
        """The same for every token of one holder, so that a new token does not ask anew."""
        id_ = identity("key", visitor.account or visitor.unit or "", self.key)
        return Key(id_, self.fingerprint)


async def keyed(request: Request, key: IdempotencyKey) -> Keying:
    return Keying(key, await fingerprint_of(request))


Keyed = Annotated[Keying, Depends(keyed)]


async def fingerprint_of(request: Request) -> str:
    """Of method, address and body; of JSON what it says, not how it is written."""
    body = await request.body()
    try:
        said = json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        said = body
    return identity(request.method, request.url.path, hashlib.sha256(said).hexdigest())


def identity(*parts: str) -> str:
    """32 hexadecimal digits, as a command's id has them."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


async def perform(tools: Tools, visitor: Visitor, keyed: Keying, build: Build) -> Response:
    """Asks what `build` makes for an id, once, and tells how it ended."""
    return told(await ask(tools, keyed.of(visitor), build))


async def ask(tools: Tools, key: Key, build: Build) -> list[Answer]:
    commands = await asyncio.to_thread(_taken_in, tools, key, build)
    return await answers(tools, commands)


async def answers(tools: Tools, commands: Sequence[Command]) -> list[Answer]:
    """How stored commands ended: those that were decided before are not delivered again."""
    ids = [command.id for command in commands]
    decided = await asyncio.to_thread(tools.commands.outcomes, ids)
    waiting = [command for command in commands if command.id not in decided]
    found = {id_: answer_of(outcome) for id_, outcome in decided.items()}
    found |= {answer.command: answer for answer in await tools.acts.deliver(waiting)}
    return [found[id_] for id_ in ids]


def told(answers: Sequence[Answer]) -> Response:
    """200 when everything was applied, 202 while something waits, 409 when something was not."""
    body = [
        CommandAnswer(id=each.command, verdict=each.verdict, sentence=each.sentence).model_dump()
        for each in answers
    ]
    refused = next((each for each in answers if each.refused), None)
    if refused is not None:
        code = "failed" if refused.verdict is Verdict.FAILED else "refused"
        return problem(code, refused.sentence, commands=body)
    if all(each.done for each in answers):
        return JSONResponse({"commands": body})
    return JSONResponse({"commands": body}, 202, {"Retry-After": "5"})


def _taken_in(tools: Tools, key: Key, build: Build) -> list[Command]:
    known = tools.asked.get(key)
    if known is not None:
        stored = tools.commands.stored(known.commands)
        if len(stored) == len(known.commands):
            return stored
    built = build(key.id)
    if known is None:
        known = tools.asked.claim(key, [command.id for command in built])
    # Whoever was killed after claiming has stored some of them, or none.
    tools.acts.store([command for command in built if command.id in known.commands])
    return tools.commands.stored(known.commands)
