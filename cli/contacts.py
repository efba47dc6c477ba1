"""How a unit is reached: contacts with their days, absences, channels besides mail."""

import base64
from collections.abc import Callable
from typing import Annotated

import typer

from activities.channels.webhook import signing_key
from activities.contacts import Contacts
from cli import addressing
from cli.contact_changes import days
from cli.context import Context
from cli.output import Json, Problem, console, print_json, print_table, problems
from models.directory import Absence, Contact, ContactRole, is_address
from rules.channels import WEBHOOK, channel_of, shown_target
from rules.contacts import ROLE_WORDS
from rules.wording import dmy
from worker import installation_secret_of

Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã đơn vị.")]
Role = Annotated[
    ContactRole,
    typer.Option("--role", help="Vai trò: focal (đầu mối), head (lãnh đạo), deputy (người thay)."),
]
From = Annotated[str | None, typer.Option("--from", help="Từ ngày, ví dụ 2026-03-01.")]
Until = Annotated[str | None, typer.Option("--until", help="Đến hết ngày.")]
Remove = Annotated[int | None, typer.Option("--remove", help="Xóa dòng có số này.")]


def contacts(code: Code, json_: Json = False) -> None:
    """Các đầu mối, kênh nhận tin và thời gian vắng mặt của một đơn vị."""
    with problems(as_json=json_):
        context = Context()
        unit = addressing.unit(context, code)
        kept = Contacts(context.engine)
        found, absences = kept.of(unit.code), kept.absences(unit.code)
    if json_:
        print_json({"unit": unit.code, "contacts": found, "absences": absences})
        return
    print_table(
        f"{unit.name}: theo danh bạ {unit.email or 'chưa có thư'}; đầu mối khai báo thêm",
        ("Số", "Vai trò", "Họ tên", "Thư", "Điện thoại", "Kênh", "Thời gian"),
        [
            (
                contact.id,
                ROLE_WORDS[contact.role],
                contact.name,
                contact.email,
                contact.phone,
                ", ".join(map(shown_target, contact.channels)),
                days(contact),
            )
            for contact in found
        ],
    )
    if absences:
        print_table(
            "Vắng mặt",
            ("Số", "Vai trò", "Từ ngày", "Đến hết ngày", "Lý do"),
            [
                (a.id, ROLE_WORDS[a.role], dmy(a.first_day), dmy(a.last_day), a.reason)
                for a in absences
            ],
        )


def contact(
    code: Code,
    role: Role = ContactRole.FOCAL,
    name: Annotated[str, typer.Option("--name", help="Họ tên.")] = "",
    email: Annotated[str, typer.Option("--email", help="Địa chỉ thư.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Điện thoại.")] = "",
    from_: From = None,
    until: Until = None,
    remove: Remove = None,
    json_: Json = False,
) -> None:
    """Thêm đầu mối của một đơn vị trong một thời gian; mục để trống thì theo danh bạ."""
    with problems(as_json=json_):
        context = Context()
        unit = addressing.unit(context, code)
        kept = Contacts(context.engine)
        if remove is not None:
            if not kept.remove(unit.code, remove):
                raise Problem(f"{unit.name} không có đầu mối số {remove}.")
            _said(f"Đã xóa đầu mối số {remove} của {unit.name}.", {"removed": remove}, json_)
            return
        if not (name or email or phone):
            raise Problem("Cần ít nhất một trong --name, --email, --phone.")
        if email and not is_address(email):
            raise Problem(f"Địa chỉ thư “{email}” không hợp lệ.")
        added = Contact(
            unit=unit.code,
            role=role,
            name=name.strip(),
            email=email.strip(),
            phone=phone.strip(),
            valid_from=addressing.parse_day(from_) if from_ else None,
            valid_until=addressing.parse_day(until) if until else None,
        )
        if added.valid_from and added.valid_until and added.valid_until < added.valid_from:
            raise Problem("Ngày cuối (--until) phải từ ngày đầu (--from) trở đi.")
        added = kept.keep(added)
    sentence = f"Đã ghi {ROLE_WORDS[role]} số {added.id} của {unit.name}, {days(added)}."
    _said(sentence, added.model_dump(mode="json"), json_)


def channel(
    code: Code,
    url: Annotated[
        str, typer.Argument(metavar="ĐỊA_CHỈ", help="https://… (webhook) hoặc địa chỉ Apprise.")
    ],
    role: Role = ContactRole.FOCAL,
    remove: Annotated[bool, typer.Option("--remove", help="Thôi dùng kênh này.")] = False,
    json_: Json = False,
) -> None:
    """Thêm một kênh nhận tin ngoài thư: webhook có chữ ký, hoặc bất kỳ dịch vụ nào của Apprise."""
    with problems(as_json=json_):
        context = Context()
        unit = addressing.unit(context, code)
        if "://" not in url or not url.isprintable() or " " in url:
            raise Problem(f"“{url}” không phải địa chỉ kênh: cần dạng https://… hoặc dịch-vụ://…")
        kept = Contacts(context.engine)
        standing = kept.standing(unit.code, role)
        if remove and url not in standing.channels:
            raise Problem(f"{unit.name} không dùng kênh này.")
        others = tuple(known for known in standing.channels if known != url)
        standing = standing.model_copy(update={"channels": others if remove else (*others, url)})
        kept.keep(standing)
        key = None
        if channel_of(url) == WEBHOOK and not remove:
            secret = installation_secret_of(context.settings)
            key = base64.b64encode(signing_key(secret, url)).decode()
    if json_:
        print_json({"unit": unit.code, "channels": standing.channels, "signing_key": key})
        return
    done = "thôi dùng" if remove else "thêm"
    console.print(f"[green]Đã {done}[/green] kênh của {unit.name}.", highlight=False)
    if key is not None:
        console.print(f"Khóa để nơi nhận kiểm tra chữ ký: whsec_{key}", highlight=False)


def absence(
    code: Code,
    from_: From = None,
    until: Until = None,
    role: Role = ContactRole.FOCAL,
    reason: Annotated[str, typer.Option("--reason", help="Ghi chú cho cán bộ điều phối.")] = "",
    remove: Remove = None,
    json_: Json = False,
) -> None:
    """Ghi thời gian vắng mặt: thư gửi người thay, ghi rõ thay mặt ai."""
    with problems(as_json=json_):
        context = Context()
        unit = addressing.unit(context, code)
        kept = Contacts(context.engine)
        if remove is not None:
            if not kept.remove_absence(unit.code, remove):
                raise Problem(f"{unit.name} không có lần vắng mặt số {remove}.")
            _said(f"Đã xóa lần vắng mặt số {remove} của {unit.name}.", {"removed": remove}, json_)
            return
        if from_ is None or until is None:
            raise Problem("Cần cả --from và --until.")
        if role is ContactRole.DEPUTY:
            raise Problem("Chỉ ghi vắng mặt cho đầu mối (focal) hoặc lãnh đạo (head).")
        first, last = addressing.parse_day(from_), addressing.parse_day(until)
        if last < first:
            raise Problem("Ngày cuối (--until) phải từ ngày đầu (--from) trở đi.")
        deputies = [c for c in kept.of(unit.code) if c.role is ContactRole.DEPUTY]
        reachable = unit.deputy_email or any(c.email or c.channels for c in deputies)
        added = kept.keep_absence(
            Absence(unit=unit.code, role=role, first_day=first, last_day=last, reason=reason)
        )
    sentence = (
        f"Đã ghi {ROLE_WORDS[role]} của {unit.name} vắng mặt từ {dmy(first)} đến hết {dmy(last)}."
    )
    if not reachable:
        sentence += (
            " Chưa có người thay liên hệ được, nên thư vẫn gửi như cũ: thêm bằng "
            f"dondoc unit contact {unit.code} --role deputy --name … --email …"
        )
    _said(sentence, added.model_dump(mode="json") | {"deputy_reachable": bool(reachable)}, json_)


def _said(sentence: str, value: object, as_json: bool) -> None:
    if as_json:
        print_json(value)
    else:
        console.print(sentence, highlight=False)


COMMANDS: dict[str, Callable[..., None]] = {
    "contacts": contacts,
    "contact": contact,
    "channel": channel,
    "absence": absence,
}
