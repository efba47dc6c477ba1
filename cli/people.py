"""Accounts of officers, supervisors and administrators, and the record of the door."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from activities.accounts import Account, Accounts, Door
from activities.links import PASSWORD_LINKS_LAST, Links, installation_secret
from activities.sessions import Device
from cli.context import Context
from cli.output import Json, Problem, console, moment, print_json, print_table, problems
from models.visitor import AccessKind, VisitorRole
from rules.wording import ACCESS_NAMES

ROLES = {
    VisitorRole.OFFICER: "chuyên viên",
    VisitorRole.SUPERVISOR: "lãnh đạo",
    VisitorRole.ADMINISTRATOR: "quản trị",
}
TERMINAL = Device("", "dondoc")

app = typer.Typer(help="Tài khoản của chuyên viên, lãnh đạo, quản trị.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="TÊN", help="Tên đăng nhập.")]


@app.command()
def add(
    login: Login,
    role: Annotated[
        str, typer.Option("--role", help="officer (chuyên viên), supervisor, administrator.")
    ],
    name: Annotated[str, typer.Option("--name", help="Họ tên, ghi vào lịch sử.")],
    position: Annotated[str, typer.Option("--position", help="Chức vụ.")] = "",
    email: Annotated[str, typer.Option("--email", help="Thư điện tử.")] = "",
    json_: Json = False,
) -> None:
    """Thêm một tài khoản và in liên kết đặt mật khẩu, dùng một lần trong ba ngày."""
    with problems(as_json=json_):
        if role not in ROLES:
            raise Problem(f"Không có vai trò “{role}”: hãy dùng {', '.join(ROLES)}.")
        if not login.strip() or not name.strip():
            raise Problem("Cần tên đăng nhập và họ tên.")
        context = Context()
        account = Accounts(context.engine).add(
            login, VisitorRole(role), name=name.strip(), position=position, email=email
        )
        if account is None:
            raise Problem(f"Đã có tài khoản “{login.strip().lower()}”.")
        _note(context, AccessKind.ACCOUNT_ADDED, account)
        _say_link(context, account, as_json=json_)


@app.command(name="list")
def list_(json_: Json = False) -> None:
    """Liệt kê tài khoản."""
    with problems(as_json=json_):
        accounts = Accounts(Context().engine).all()
    if json_:
        print_json([_json(account) for account in accounts])
        return
    print_table(
        f"{len(accounts)} tài khoản",
        ("Tên đăng nhập", "Vai trò", "Họ tên", "Chức vụ", "Tình trạng"),
        [
            (each.login, ROLES[each.role], each.name, each.position, _standing(each))
            for each in accounts
        ],
    )


@app.command()
def disable(login: Login, json_: Json = False) -> None:
    """Khóa một tài khoản, đăng xuất ở mọi nơi và thu hồi mọi mã truy cập của tài khoản đó."""
    with problems(as_json=json_):
        context = Context()
        account = _account(context, login)
        ended = Accounts(context.engine).disable(account.id)
        _note(context, AccessKind.ACCOUNT_DISABLED, account)
        if json_:
            print_json({"login": account.login, "sessions_ended": ended})
        else:
            console.print(
                f"Đã khóa {account.login}; đã đăng xuất {ended} nơi, thu hồi mọi mã truy cập.",
                highlight=False,
            )


@app.command()
def reset(login: Login, json_: Json = False) -> None:
    """Bỏ mật khẩu cũ, mở khóa, đăng xuất mọi nơi, thu hồi mã truy cập, in liên kết đặt mật khẩu."""
    with problems(as_json=json_):
        context = Context()
        account = _account(context, login)
        Accounts(context.engine).reset(account.id)
        _note(context, AccessKind.ACCOUNT_RESET, account)
        _say_link(context, account, as_json=json_)


def audit(
    kind: Annotated[
        str | None, typer.Option("--kind", help=f"Chỉ loại này: {', '.join(ACCESS_NAMES)}.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Số dòng.")] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Bỏ qua số dòng này.")] = 0,
    json_: Json = False,
) -> None:
    """Nhật ký ra vào: đăng nhập, bị từ chối, đăng xuất, thu hồi phiên; mới nhất trước."""
    with problems(as_json=json_):
        if kind is not None and kind not in ACCESS_NAMES:
            raise Problem(f"Không có loại “{kind}”: hãy dùng {', '.join(ACCESS_NAMES)}.")
        lines, total = Door(Context().engine).record(kind=kind, limit=limit, offset=offset)
    if json_:
        print_json({"total": total, "entries": [each._asdict() for each in lines]})
        return
    print_table(
        f"{len(lines)} trong {total} dòng",
        ("Lúc", "Việc", "Ai", "Địa chỉ", "Thiết bị", "Ghi chú"),
        [
            (moment(e.at), ACCESS_NAMES[AccessKind(e.kind)], e.who, e.address, e.device, e.detail)
            for e in lines
        ],
    )


def _account(context: Context, login: str) -> Account:
    account = Accounts(context.engine).named(login)
    if account is None:
        raise Problem(f"Không có tài khoản “{login}”; xem bằng dondoc user list.")
    return account


def _note(context: Context, kind: AccessKind, account: Account) -> None:
    Door(context.engine).note(kind, TERMINAL, account=account.id)


def _say_link(context: Context, account: Account, *, as_json: bool) -> None:
    settings = context.settings
    configured = settings.secret_key
    secret = installation_secret(
        settings.state_dir, configured.get_secret_value() if configured else None
    )
    url = Links(settings.base_url, secret).password(account.id, at=datetime.now(UTC))
    if as_json:
        print_json(_json(account) | {"link": url})
        return
    console.print(
        f"Gửi liên kết này cho {account.name} để đặt mật khẩu (dùng một lần, trong "
        f"{PASSWORD_LINKS_LAST.days} ngày):"
    )
    console.print(url, highlight=False, soft_wrap=True)


def _json(account: Account) -> dict[str, object]:
    return account._asdict()


def _standing(account: Account) -> str:
    if account.disabled:
        return "đã khóa"
    return "" if account.has_password else "chưa đặt mật khẩu"
