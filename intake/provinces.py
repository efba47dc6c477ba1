"""The commune-level units of any province, as they are since 1 July 2025."""

import difflib
from typing import NamedTuple

from models.directory import Unit, UnitKind
from rules.bare_text import bare

# Resolution 202/2025/QH15: the provinces that were merged into another, under whose name they are
# found now. People still look for the old names.
MERGED = {
    "Hà Giang": "Tuyên Quang",
    "Yên Bái": "Lào Cai",
    "Bắc Kạn": "Thái Nguyên",
    "Vĩnh Phúc": "Phú Thọ",
    "Hòa Bình": "Phú Thọ",
    "Bắc Giang": "Bắc Ninh",
    "Thái Bình": "Hưng Yên",
    "Hải Dương": "Hải Phòng",
    "Hà Nam": "Ninh Bình",
    "Nam Định": "Ninh Bình",
    "Quảng Bình": "Quảng Trị",
    "Quảng Nam": "Đà Nẵng",
    "Kon Tum": "Quảng Ngãi",
    "Bình Định": "Gia Lai",
    "Ninh Thuận": "Khánh Hòa",
    "Đắk Nông": "Lâm Đồng",
    "Bình Thuận": "Lâm Đồng",
    "Phú Yên": "Đắk Lắk",
    "Bà Rịa - Vũng Tàu": "Hồ Chí Minh",
    "Bình Dương": "Hồ Chí Minh",
    "Bình Phước": "Đồng Nai",
    "Long An": "Tây Ninh",
    "Sóc Trăng": "Cần Thơ",
    "Hậu Giang": "Cần Thơ",
    "Bến Tre": "Vĩnh Long",
    "Trà Vinh": "Vĩnh Long",
    "Tiền Giang": "Đồng Tháp",
    "Bạc Liêu": "Cà Mau",
    "Kiên Giang": "An Giang",
}
_LEVEL_WORDS = ("tinh ", "thanh pho ", "tp ")


class UnknownProvince(Exception):
    """No province of that name, as a sentence with the nearest names."""


class ProvinceUnits(NamedTuple):
    name: str
    data_of: str  # ngày lấy số liệu
    units: list[Unit]


def province_units(name: str) -> ProvinceUnits:
    """The People's Committees of a province's communes, wards and special zones, in the order of
    their codes. `name` may leave out accents and "tỉnh". Raises UnknownProvince."""
    # Some thousand objects are made at import.
    import vietnam_provinces as data

    provinces = {_plain(each.name): each for each in data.Province.iter_all()}
    wanted = _plain(name)
    if wanted not in provinces:
        raise UnknownProvince(_unknown(name, {key: p.name for key, p in provinces.items()}))
    province = provinces[wanted]
    wards = sorted(data.Ward.iter_by_province(province.code), key=lambda ward: int(ward.code))
    return ProvinceUnits(
        province.name,
        data.__data_version__,
        [
            Unit(
                # The official code has five digits.
                code=f"{int(ward.code):05}",
                name=f"UBND {_capitalised(ward.name)}",
                kind=UnitKind.COMMUNE,
                aliases=(_capitalised(ward.name),),
            )
            for ward in wards
        ],
    )


def _capitalised(name: str) -> str:
    """The published list has a slip: "Xã Đắk song". "Đặc khu" is the one kind of two words."""
    if name.startswith("Đặc khu "):
        return name
    return " ".join(word[:1].upper() + word[1:] for word in name.split())


def _plain(name: str) -> str:
    plain = bare(name)
    for word in _LEVEL_WORDS:
        plain = plain.removeprefix(word)
    return plain


def _unknown(name: str, provinces: dict[str, str]) -> str:
    merged = {_plain(old): (old, new) for old, new in MERGED.items()}
    if _plain(name) in merged:
        old, new = merged[_plain(name)]
        return f"{old} đã sáp nhập vào {new} từ ngày 01/7/2025: dondoc units province “{new}”"
    near = difflib.get_close_matches(_plain(name), provinces, n=3, cutoff=0.6)
    meant = f" Có phải: {', '.join(provinces[each] for each in near)}?" if near else ""
    return f"Không có tỉnh, thành phố “{name}”.{meant}"
