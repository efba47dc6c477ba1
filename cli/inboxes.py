"""The letters of a unit."""

from typing import Annotated

import typer

from activities.views import (
    Inbox,
    LetterView,
    Views,
)
from cli import addressing
from cli.context import Context
from cli.output import (
    Json,
    Problem,
    console,
    moment,
    print_json,
    print_table,
    problems,
)
from models.directory import Unit

LETTER_KINDS = {"digest": "thư trong ngày", "urgent": "thư gửi ngay"}


def inbox(
    unit: Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã hoặc tên đơn vị.")],
    show: Annotated[int | None, typer.Option("--show", min=1, help="Đọc thư mang số này.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Số thư nhiều nhất; 0 là tất cả.")
    ] = 20,
    json_: Json = False,
) -> None:
    """Hộp thư của một đơn vị và người đứng đầu, thư mới ở trên."""
    with problems(as_json=json_):
        context = Context()
        found = addressing.unit(context, unit)
        views = Views(context.engine)
        if show is not None:
            letter = views.letter(found.code, show)
            if letter is None:
                raise Problem(f"{found.name} không có thư số {show}.")
            _show_letter(letter, as_json=json_)
            return
        letters = views.inbox(found.code, limit=limit or None)
        if json_:
            listed = [letter._asdict() for letter in letters.letters]
            print_json({"unit": found.code, "total": letters.total, "messages": listed})
        else:
            _print_inbox(found, letters)


def _show_letter(letter: LetterView, *, as_json: bool) -> None:
    if as_json:
        print_json(letter._asdict())
        return
    address = letter.to_address or "chưa có địa chỉ thư"
    console.print(f"Số {letter.number}, {_sent(letter)}, đến: {address}", highlight=False)
    console.print(letter.subject, style="bold", highlight=False, markup=False)
    console.print()
    console.print(letter.body, highlight=False, markup=False)


def _print_inbox(unit: Unit, inbox: Inbox) -> None:
    if not inbox.letters:
        console.print(f"{unit.name} chưa có thư nào.", highlight=False, markup=False)
        return
    print_table(
        f"Hộp thư của {unit.name}: {inbox.total} thư",
        ("Số", "Lúc", "Loại", "Tiêu đề", "Gửi"),
        [
            (
                letter.number,
                moment(letter.created_at),
                LETTER_KINDS.get(letter.kind, letter.kind),
                letter.subject,
                _sent(letter),
            )
            for letter in inbox.letters
        ],
    )
    console.print(f"Đọc một thư: dondoc inbox {unit.code} --show SỐ", highlight=False)


def _sent(letter: LetterView) -> str:
    return "chưa gửi" if letter.sent_at is None else f"đã gửi {moment(letter.sent_at)}"
