"""Whether everything a message needs is in order."""

import asyncio
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Engine, and_, func, select
from sqlmodel import Session, col

from activities.address_book import AddressBook
from activities.channels.port import ChannelDown
from activities.clock import ClockStore
from activities.cycle_store import Cycle, CycleStore
from activities.database import reading
from activities.directory import Registry
from activities.sending import Post
from activities.subscriptions import Subscriptions
from models.calendar import YearStatus
from models.clock import VN
from models.finding import Severity
from models.tables import ContactTable, DispatchTable, LinkLetterTable
from rules.channels import CHANNEL_NAMES, EMAIL, channel_of

LITTLE_SPACE, NO_SPACE = 2 << 30, 200 << 20
LONG_WAIT = timedelta(days=3)
MOST_NAMED = 5
SOON, DAY = timedelta(minutes=30), timedelta(days=1)


class Check(NamedTuple):
    """`severity` None is in order."""

    what: str
    severity: Severity | None
    message: str
    remedy: str = ""


def in_order(what: str, message: str) -> Check:
    return Check(what, None, message)


def broken(what: str, message: str, remedy: str = "") -> Check:
    return Check(what, Severity.ERROR, message, remedy)


def doubtful(what: str, message: str, remedy: str = "") -> Check:
    return Check(what, Severity.WARNING, message, remedy)


class Doctor:
    """Looks at what is ours; `TimersCheck` looks at Temporal."""

    def __init__(self, engine: Engine, posts: Mapping[str, Post], state_dir: Path) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._posts = posts
        self._state_dir = state_dir
        self._clock = ClockStore(engine)
        self._cycles = CycleStore(engine)

    def look(self) -> list[Check]:
        """Everything but the channels. Raises DatabaseUnavailable."""
        cycles = self._cycles.all(running=True)
        return [
            in_order("Cơ sở dữ liệu", f"trả lời, ghi được ({self._engine.dialect.name})"),
            self._disk(),
            self._time(),
            *self._calendars(cycles),
            *self._contacts(cycles),
            *self._outbox(cycles),
            self._link_letters(),
            *self._subscriptions(),
        ]

    async def channels(self) -> list[Check]:
        """Asks each channel that somebody is written to through whether it would take messages."""
        used = await asyncio.to_thread(self._channels_used)
        found = []
        for name, post in self._posts.items():
            what = f"Kênh {CHANNEL_NAMES[name]}"
            if name not in used:
                found.append(in_order(what, "chưa đơn vị nào dùng"))
                continue
            try:
                answer = await post.channel.check()
            except ChannelDown as down:
                found.append(broken(what, str(down), "Xem DONDOC_SMTP_URL trong docs/settings.md."))
            else:
                found.append(in_order(what, answer))
        return found

    def _channels_used(self) -> set[str]:
        """Mail, and those that stand in somebody's contacts."""
        with Session(self._reading) as session:
            listed = session.scalars(select(col(ContactTable.channels))).all()
        return {EMAIL} | {channel_of(url) for channels in listed for url in channels}

    def _disk(self) -> Check:
        free = shutil.disk_usage(self._state_dir).free
        said = f"còn {free / (1 << 30):.1f} GB ở {self._state_dir.resolve()}"
        if free < NO_SPACE:
            return broken("Ổ đĩa", said, "Giải phóng dung lượng ngay.")
        if free < LITTLE_SPACE:
            return doubtful("Ổ đĩa", said, "Nên giải phóng dung lượng.")
        return in_order("Ổ đĩa", said)

    def _time(self) -> Check:
        clock, now = self._clock.read(), self._clock.plan_now()
        said = f"giờ kế hoạch {now.astimezone(VN):%H:%M %d/%m/%Y}"
        if clock.speed != 1.0 or clock.wall_anchor != clock.plan_anchor:
            return doubtful("Đồng hồ", f"{said}, đồng hồ diễn tập (tốc độ {clock.speed:g})")
        return in_order("Đồng hồ", said)

    def _calendars(self, cycles: Iterable[Cycle]) -> Iterator[Check]:
        for cycle in cycles:
            status = self._cycles.snapshots(cycle).calendar.years.get(cycle.year)
            what = f"Lịch làm việc {cycle.year}"
            if status is YearStatus.OFFICIAL:
                yield in_order(what, "chính thức")
            else:
                yield doubtful(
                    what,
                    f"{_short(cycle)} tính theo lịch nghỉ dự kiến",
                    "Cập nhật chương trình khi Nhà nước công bố lịch nghỉ.",
                )

    def _contacts(self, cycles: Iterable[Cycle]) -> Iterator[Check]:
        """Units with open work, each as it would be written to today."""
        owing = sorted(Registry(self._engine).open_parts())
        if not owing:
            yield in_order("Liên hệ", "chưa đơn vị nào có việc")
            return
        day = self._clock.plan_now().astimezone(VN).date()
        coordinators = {self._cycles.snapshots(c).plan.officer.coordinator for c in cycles}
        with Session(self._reading) as session:
            books = [
                AddressBook.read(session, owing, coordinator=coordinator, day=day)
                for coordinator in sorted(coordinators)
            ]
        found = {code: [book.of(code) for book in books] for code in owing}
        nowhere = [c for c, to in found.items() if not all(a.email or a.channels for a in to)]
        elsewhere = [c for c, to in found.items() if c not in nowhere and to[0].code != c]
        if nowhere:
            yield broken(
                "Liên hệ",
                f"{len(nowhere)} đơn vị không nhận được tin: {_named(nowhere)}",
                f"dondoc unit set {nowhere[0]} --email …",
            )
        if elsewhere:
            yield doubtful(
                "Liên hệ",
                f"{len(elsewhere)} đơn vị nhận tin qua đầu mối: {_named(elsewhere)}",
                f"dondoc unit set {elsewhere[0]} --email …",
            )
        if not (nowhere or elsewhere):
            yield in_order("Liên hệ", f"{len(owing)} đơn vị có việc đều có địa chỉ")

    def _outbox(self, cycles: Sequence[Cycle]) -> Iterator[Check]:
        for cycle in cycles:
            if cycle.paused_at is not None:
                since = f"{cycle.paused_at.astimezone(VN):%H:%M %d/%m/%Y}"
                yield doubtful(
                    "Hàng chờ gửi",
                    f"{_short(cycle)} tạm dừng gửi từ {since}. {cycle.paused_why}".strip(),
                    "Gửi tiếp: dondoc notices resume",
                )
        ids = [cycle.id for cycle in cycles]
        dead, waiting, oldest = self._counts(ids)
        if dead:
            yield doubtful("Hàng chờ gửi", f"{dead} thư đã dừng gửi", "Xem: dondoc notices dead")
        if oldest is not None and self._clock.plan_now() - oldest > LONG_WAIT:
            yield doubtful(
                "Hàng chờ gửi",
                f"{waiting} thư chờ gửi, thư đầu từ {oldest.astimezone(VN):%H:%M %d/%m/%Y}",
                "Xem các kênh ở trên.",
            )
        elif not dead:
            yield in_order("Hàng chờ gửi", f"{waiting} thư chờ gửi, không thư nào bị dừng")

    def _link_letters(self) -> Check:
        """Whoever waits for a new sign-in link cannot get in meanwhile. Wall time."""
        what, now = "Liên kết xin lại", datetime.now(UTC)
        waiting, lost = (
            and_(
                col(LinkLetterTable.state) == "queued", col(LinkLetterTable.asked_at) < now - SOON
            ),
            and_(col(LinkLetterTable.state) == "dead", col(LinkLetterTable.asked_at) > now - DAY),
        )
        with Session(self._reading) as session:
            late = session.scalars(select(col(LinkLetterTable.ref)).where(waiting)).all()
            dead = session.scalars(select(col(LinkLetterTable.ref)).where(lost)).all()
        if late:
            return doubtful(what, f"{len(late)} thư chờ gửi quá lâu", "Xem kênh thư ở trên.")
        if dead:
            said = f"trong 24 giờ qua {len(dead)} thư không gửi được: {_named(sorted(set(dead)))}"
            return doubtful(what, said, "Kiểm tra địa chỉ thư trong danh bạ hoặc tài khoản.")
        return in_order(what, "không thư nào chờ lâu")

    def _subscriptions(self) -> Iterator[Check]:
        """Other systems that are told nothing any more, because they never answered."""
        for each in Subscriptions(self._engine).stopped():
            yield doubtful(
                "Đăng ký nhận tin (API)",
                f"{each.id} ({urlsplit(each.url).hostname}) đã ngừng gửi: {each.answer}",
                f"Khi nơi nhận chạy lại: POST /api/v1/subscriptions/{each.id}/resume",
            )

    def _counts(self, cycles: Sequence[str]) -> tuple[int, int, datetime | None]:
        """Dead ones, waiting ones, and when the oldest of these was queued."""
        query = (
            select(
                col(DispatchTable.state),
                func.count().label("many"),
                func.min(col(DispatchTable.queued_at)).label("oldest"),
            )
            .where(
                col(DispatchTable.cycle).in_(cycles),
                col(DispatchTable.state).in_(("dead", "queued")),
            )
            .group_by(col(DispatchTable.state))
        )
        with Session(self._reading) as session:
            rows = {row.state: row for row in session.execute(query)}
        dead, queued = rows.get("dead"), rows.get("queued")
        return (
            dead.many if dead else 0,
            queued.many if queued else 0,
            queued.oldest if queued else None,
        )


def _short(cycle: Cycle) -> str:
    return cycle.id.removeprefix("cycle/")


def _named(codes: Sequence[str]) -> str:
    rest = f" và {len(codes) - MOST_NAMED} đơn vị khác" if len(codes) > MOST_NAMED else ""
    return ", ".join(codes[:MOST_NAMED]) + rest
