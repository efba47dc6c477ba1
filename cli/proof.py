"""The proof of what was told about an assignment, as JSON, as a text and as a page to print."""

import json
from datetime import datetime
from html import escape
from typing import Any

from activities.dispatches import Dispatch, Proof, Told
from models.clock import VN
from rules.channels import CHANNEL_NAMES

STATES = {
    "queued": "đang chờ gửi",
    "accepted": "máy chủ nơi nhận đã nhận",
    "dead": "không gửi được",
    "dropped": "không gửi",
}
STYLE = (
    "body{font:14px/1.5 'Times New Roman',serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:4px 8px;"
    "text-align:left;vertical-align:top}"
)


def proof_json(proof: Proof) -> str:
    told = [
        each._asdict() | {"dispatches": [way._asdict() for way in each.dispatches]}
        for each in proof.notices
    ]
    value = proof._asdict() | {"notices": told}
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n"


def proof_text(proof: Proof) -> str:
    lines = [_title(proof), *_facts(proof), ""]
    for told in proof.notices:
        lines.append(_headline(told))
        lines += [f"    {name}: {value}" for way in _ways(told) for name, value in way if value]
        lines.append("")
    return "\n".join(lines)


def proof_html(proof: Proof) -> str:
    """Everything in it is text: what a person or a mail server wrote stays what it is."""
    rows = "".join(
        f"<tr><td>{escape(_headline(told))}</td><td>"
        + "<hr>".join(
            "<br>".join(escape(f"{name}: {value}") for name, value in way if value)
            for way in _ways(told)
        )
        + "</td></tr>"
        for told in proof.notices
    )
    facts = "".join(f"<p>{escape(fact)}</p>" for fact in _facts(proof))
    title = escape(_title(proof))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{facts}"
        f"<table><tr><th>Nội dung báo</th><th>Gửi và nhận</th></tr>{rows}</table></body></html>\n"
    )


def _title(proof: Proof) -> str:
    return f"Bằng chứng gửi tin: {proof.code}, {proof.unit_name}"


def _facts(proof: Proof) -> list[str]:
    acknowledged = _at(proof.acknowledged_at) or "chưa"
    return [
        f"Nhiệm vụ: {proof.title}",
        f"Mã phần việc: {proof.assignment}",
        f"Xác nhận tiếp nhận: {acknowledged}",
        f"Lập lúc: {_at(proof.made_at)}",
    ]


def _headline(told: Told) -> str:
    return f"{_at(told.scheduled)}  {told.kind} → {told.recipient}: {told.why}".rstrip(": ")


def _ways(told: Told) -> list[list[tuple[str, str]]]:
    if told.dispatches:
        return [_way(dispatch) for dispatch in told.dispatches]
    waiting = "không cần gửi: đã giải quyết trước" if told.dropped else "chờ gộp vào thư trong ngày"
    return [[("Tình trạng", waiting)]]


def _way(dispatch: Dispatch) -> list[tuple[str, str]]:
    return [
        ("Thư", dispatch.subject),
        ("Kênh", f"{CHANNEL_NAMES[dispatch.channel]}, {dispatch.address or 'chưa có địa chỉ'}"),
        ("Nơi nhận", dispatch.addressee),
        ("Thay mặt", dispatch.on_behalf or ""),
        ("Vào hàng chờ", _at(dispatch.queued_at)),
        ("Gửi", _at(dispatch.sent_at)),
        ("Tình trạng", STATES[dispatch.state]),
        ("Máy chủ nhận", _at(dispatch.accepted_at)),
        ("Trả lời", dispatch.answer),
        ("Mở liên kết", _at(dispatch.opened_at)),
    ]


def _at(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(VN):%H:%M:%S %d/%m/%Y}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(VN).isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
