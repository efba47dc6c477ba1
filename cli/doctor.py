"""`dondoc doctor`, and what it finds at a launch."""

import asyncio

import typer

from activities.doctor import Check, Doctor, broken, in_order
from activities.timers import Timers
from cli.context import Context, run
from cli.output import Json, console, print_json, print_table, problems
from models.finding import Finding, Severity
from settings import Settings
from temporal_client import TemporalProblem
from worker import posts_of

MARKS = {None: "tốt", Severity.WARNING: "lưu ý", Severity.ERROR: "hỏng"}


def doctor(json_: Json = False) -> None:
    """Kiểm tra mọi thứ một tin cần: cơ sở dữ liệu, lịch, kênh gửi, liên hệ, hẹn giờ."""
    with problems(as_json=json_):
        checks = run(examine(Context()))
    sound = not any(check.severity is Severity.ERROR for check in checks)
    if json_:
        print_json(
            {
                "sound": sound,
                "checks": [
                    check._asdict() | {"severity": check.severity or "ok"} for check in checks
                ],
            }
        )
    else:
        _print(checks)
    if not sound:
        raise typer.Exit(1)


async def examine(context: Context) -> list[Check]:
    """Raises DatabaseUnavailable."""
    settings = context.settings
    found = Doctor(context.engine, posts_of(settings), settings.state_dir)
    checks = [*await asyncio.to_thread(found.look), *await found.channels()]
    checks += await asyncio.to_thread(_provider, settings)
    try:
        client = await context.client()
    except TemporalProblem as problem:
        return [*checks, broken("Temporal", str(problem), "Chạy: dondoc up")]
    answered = in_order("Temporal", f"trả lời tại {settings.temporal_address}")
    return [*checks, answered, *await Timers(context.engine, client).look()]


def _provider(settings: Settings) -> list[Check]:
    """Whether people can sign in with an account of the agency's own, where that is set."""
    issuer, client, secret = (
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_secret_file,
    )
    if not (issuer and client and secret):
        return []
    # Here, because no other command should wait for the libraries of signing in.
    from activities.openid import Provider, ProviderProblem

    what = "Đăng nhập OpenID"
    try:
        return [in_order(what, Provider(issuer, client, secret, settings.base_url).check())]
    except ProviderProblem as problem:
        return [broken(what, str(problem), "Xem DONDOC_OIDC_ISSUER trong docs/settings.md.")]


def findings_of(checks: list[Check]) -> list[Finding]:
    """What is not in order, as a launch says it."""
    return [
        Finding(
            severity=Severity.WARNING,
            place=check.what,
            message=check.message,
            remedy=check.remedy,
        )
        for check in checks
        if check.severity is not None
    ]


def _print(checks: list[Check]) -> None:
    print_table(
        "Kiểm tra hệ thống",
        ("Tình trạng", "Việc", "Kết quả", "Cách xử lý"),
        [(MARKS[check.severity], check.what, check.message, check.remedy) for check in checks],
        flexible=("Kết quả", "Cách xử lý"),
    )
    worst = [check for check in checks if check.severity is Severity.ERROR]
    said = f"{len(worst)} chỗ hỏng." if worst else "Hệ thống hoạt động tốt."
    console.print(said, style="red" if worst else "green")
