"""How the units of a file hang together: hubs, loops, shared names, who is not reached."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping

from intake.directory_columns import HEADERS
from intake.directory_rows import Entry, Findings
from models.directory import Unit, UnitKind
from models.finding import Finding, Severity
from rules.performers import folded

MOST_SUGGESTIONS = 20

# "Trực thuộc: Sở Giáo dục và Đào tạo" names no hub: the department is above every unit.
_DEPARTMENT = re.compile(r"sở\b.*")


class HubReader:
    """The hubs that cells name by code, name or alias."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._nearest: dict[str, str] = {}

    def find(
        self,
        listed: Mapping[str, Entry],
        units: dict[str, Unit],
        known: Mapping[str, Unit],
    ) -> None:
        """Gives each of the `units` its hub."""
        everyone = dict(known) | units
        named = {**dict.fromkeys(known), **dict.fromkeys(listed)}
        names = by_name(everyone)
        for code, entry in listed.items():
            text = entry.cells.get("hub")
            if text is None or code not in units:
                continue
            hub = self._hub(entry, text, named, names)
            if hub in everyone and everyone[hub].kind is not UnitKind.COMMUNE:
                self._findings.tell(
                    Severity.WARNING,
                    entry.place,
                    f"đầu mối “{everyone[hub].name}” không phải xã, phường, đặc khu.",
                    "Kiểm tra cột Trực thuộc; đơn vị trực thuộc Sở thì để trống.",
                )
            units[code] = units[code].model_copy(update={"hub": hub})

    def _hub(
        self,
        entry: Entry,
        text: str,
        codes: Collection[str],
        names: Mapping[str, list[str]],
    ) -> str | None:
        """The code of the hub that a cell names by code, name or alias."""
        if not text or text in codes:
            return text or None
        name = folded(text)
        found = names.get(name) or names.get(f"ubnd {name}") or []
        if len(found) == 1:
            return found[0]
        if found:
            self._findings.error(
                entry.place,
                f"có {len(found)} đơn vị tên “{text}” ({', '.join(found[:5])}).",
                "Ghi mã đơn vị vào cột Trực thuộc.",
            )
        elif not _DEPARTMENT.fullmatch(name):
            meant = self._meant(name, names)
            self._findings.error(
                entry.place,
                f"đơn vị cấp trên “{text}” không có trong tệp và trong danh bạ.",
                f"{meant}Sửa cột Trực thuộc, hoặc thêm đơn vị ấy vào tệp.",
            )
        return None

    def _meant(self, name: str, names: Mapping[str, list[str]]) -> str:
        """The nearest name. Looking through ten thousand names is slow: a few times help enough."""
        if name not in self._nearest and len(self._nearest) < MOST_SUGGESTIONS:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
            meant = f"Có phải “{names[near[0]][0]}” ({near[0]})? " if near else ""
            self._nearest[name] = meant
        return self._nearest.get(name, "")


def tell_shared_names(
    everyone: Mapping[str, Unit], places: Mapping[str, str], findings: Findings
) -> None:
    for name, codes in by_name(everyone).items():
        if len(codes) > 1 and any(code in places for code in codes):
            shown = ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")
            findings.tell(
                Severity.WARNING,
                next(places[code] for code in codes if code in places),
                f"{len(codes)} đơn vị cùng gọi là “{name}” ({shown}): văn bản nêu tên này "
                "không chỉ rõ đơn vị nào.",
                "Thêm địa danh vào tên; nếu là một đơn vị thì dùng một mã.",
            )


def by_name(units: Mapping[str, Unit]) -> dict[str, list[str]]:
    """The codes of the units that bear a name or an alias."""
    names: dict[str, list[str]] = {}
    for code, unit in units.items():
        for name in {folded(unit.name), *map(folded, unit.aliases)}:
            names.setdefault(name, []).append(code)
    return names


def in_loops(units: Mapping[str, Unit]) -> Iterator[str]:
    """The units that are their own hub, directly or over others."""
    for code in units:
        passed: set[str] = set()
        hub = units[code].hub
        while hub is not None and hub in units and hub not in passed:
            if hub == code:
                yield code
            passed.add(hub)
            hub = units[hub].hub


def unreached(units: Mapping[str, Unit], places: Mapping[str, str]) -> Iterator[Finding]:
    for code, unit in units.items():
        if not unit.email:
            yield Finding(
                severity=Severity.WARNING,
                place=places[code],
                message="chưa có thư điện tử: thư sẽ gửi cho đầu mối hoặc đơn vị điều phối.",
                remedy=f"Điền cột “{HEADERS['email'][0]}”.",
            )
        elif not unit.head_email:
            yield Finding(
                severity=Severity.INFO,
                place=places[code],
                message="chưa có thư lãnh đạo: khi quá hạn, thư báo lãnh đạo gửi về thư của "
                "đơn vị.",
                remedy=f"Điền cột “{HEADERS['head_email'][0]}”.",
            )
        if unit.kind is UnitKind.SCHOOL and unit.hub is None:
            yield Finding(
                severity=Severity.WARNING,
                place=places[code],
                message="cơ sở giáo dục chưa có đầu mối: không được gộp vào báo cáo của xã nào.",
                remedy=f"Điền cột “{HEADERS['hub'][0]}” bằng mã hoặc tên xã, phường, đặc khu.",
            )
