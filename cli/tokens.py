"""Tokens of programs that use the API: made, listed, revoked."""

from datetime import timedelta
from typing import Annotated

import typer

from activities.accounts import Account, Accounts, Door
from activities.tokens import Token, Tokens
from cli import addressing
from cli.context import Context
from cli.output import Json, Problem, console, moment, print_json, print_table, problems
from cli.people import TERMINAL
from models.visitor import AccessKind, Scope, VisitorRole

SHOWN = 12  # digits of an id
MOST_DAYS = 1095

app = typer.Typer(help="Mã truy cập của chương trình dùng API.", no_args_is_help=True)


@app.command()
def add(
    label: Annotated[str, typer.Argument(metavar="TÊN", help="Chương trình nào dùng mã này.")],
    account: Annotated[
        str | None, typer.Option("--account", help="Thay mặt tài khoản này.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Thay mặt đơn vị này.")] = None,
    name: Annotated[
        str, typer.Option("--name", help="Với --unit: ai chịu trách nhiệm, ghi vào lịch sử.")
    ] = "",
    position: Annotated[str, typer.Option("--position", help="Với --unit: chức vụ.")] = "",
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="Được làm gì; lặp lại để cấp nhiều quyền."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=MOST_DAYS, help="Dùng được bao nhiêu ngày.")
    ] = 365,
    json_: Json = False,
) -> None:
    """Cấp một mã truy cập cho một tài khoản hoặc một đơn vị; mã chỉ hiện ra một lần."""
    with problems(as_json=json_):
        if not label.strip():
            raise Problem("Hãy ghi chương trình nào dùng mã này.")
        context = Context()
        whose = _holder(context, account, unit, name, position)
        made = Tokens(context.engine).make(
            label.strip(), scope or [Scope.READ], lasts=timedelta(days=days), by="dondoc", **whose
        )
        token = _token(context, made.id)
        _note(context, AccessKind.TOKEN_MADE, token)
    if json_:
        print_json(token._asdict() | {"token": made.secret})
        return
    console.print(f"Mã truy cập của {token.holder}, đến {moment(token.expires_at)}:")
    console.print(made.secret, highlight=False, soft_wrap=True)
    console.print("Hãy cất ngay: mã này không hiện lại được.")


@app.command(name="list")
def list_(json_: Json = False) -> None:
    """Liệt kê mã truy cập, mới nhất trước; bản thân mã không hiện ra."""
    with problems(as_json=json_):
        tokens = Tokens(Context().engine).all()
    if json_:
        print_json([each._asdict() for each in tokens])
        return
    print_table(
        f"{len(tokens)} mã truy cập",
        ("Mã số", "Chương trình", "Của ai", "Quyền", "Hết hạn", "Dùng lần cuối", "Thu hồi"),
        [
            (
                each.id[:SHOWN],
                each.label,
                each.holder,
                " ".join(each.scopes),
                moment(each.expires_at),
                moment(each.used_at) if each.used_at else "chưa dùng",
                moment(each.revoked_at) if each.revoked_at else "",
            )
            for each in tokens
        ],
        flexible=("Chương trình", "Quyền", "Hết hạn", "Dùng lần cuối", "Thu hồi"),
    )


@app.command()
def revoke(
    id_: Annotated[str, typer.Argument(metavar="MÃ_SỐ", help="Mã số trong dondoc token list.")],
    json_: Json = False,
) -> None:
    """Thu hồi một mã truy cập; chương trình dùng mã đó bị từ chối ngay."""
    with problems(as_json=json_):
        context = Context()
        token = _token(context, id_)
        if not Tokens(context.engine).revoke(token.id):
            raise Problem(f"Mã truy cập {token.id[:SHOWN]} đã bị thu hồi từ trước.")
        _note(context, AccessKind.TOKEN_REVOKED, token)
    if json_:
        print_json({"id": token.id, "label": token.label})
        return
    console.print(f"Đã thu hồi mã truy cập “{token.label}” của {token.holder}.", highlight=False)


def _holder(
    context: Context, account: str | None, unit: str | None, name: str, position: str
) -> dict[str, str]:
    """For whom a token is made, as `Tokens.make` takes it."""
    if (account is None) == (unit is None):
        raise Problem("Cần đúng một trong hai: --account hoặc --unit.")
    if account is not None:
        return {"account": _account(context, account).id}
    if not name.strip() or not position.strip():
        raise Problem("Mã của đơn vị cần --name và --position: ai chịu trách nhiệm.")
    known = addressing.unit(context, unit or "")
    return {"unit": known.code, "name": name.strip(), "position": position.strip()}


def _account(context: Context, login: str) -> Account:
    account = Accounts(context.engine).named(login)
    if account is None or account.disabled:
        raise Problem(f"Không có tài khoản “{login}” đang dùng; xem bằng dondoc user list.")
    if account.role is VisitorRole.ADMINISTRATOR:
        raise Problem("Tài khoản quản trị không động đến công việc nên không dùng API.")
    return account


def _token(context: Context, id_: str) -> Token:
    if len(id_) < 6:
        raise Problem("Hãy ghi ít nhất sáu ký tự của mã số; xem bằng dondoc token list.")
    found = [each for each in Tokens(context.engine).all() if each.id.startswith(id_.lower())]
    if len(found) != 1:
        raise Problem(f"Không có mã truy cập nào mang mã số “{id_}”; xem bằng dondoc token list.")
    return found[0]


def _note(context: Context, kind: AccessKind, token: Token) -> None:
    Door(context.engine).note(
        kind, TERMINAL, account=token.account, unit=token.unit, detail=token.label
    )
