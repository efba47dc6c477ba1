"""The columns of spreadsheets about units: how headers, kinds and roles are written."""

import re
from collections.abc import Collection, Mapping

from models.directory import ContactRole, UnitKind
from rules.bare_text import bare

# Of each column the header we write, then others that mean the same. Compared without accents.
HEADERS: dict[str, tuple[str, ...]] = {
    "code": ("Mã đơn vị", "Mã", "Mã số", "Mã định danh", "Code", "Unit code", "Id"),
    "name": (
        "Tên đơn vị",
        "Tên",
        "Đơn vị",
        "Tên cơ quan, đơn vị",
        "Cơ quan, đơn vị",
        "Tên trường",
        "Tên cơ sở giáo dục",
        "Name",
        "Unit",
        "Unit name",
    ),
    "kind": ("Loại", "Loại đơn vị", "Loại hình", "Kind", "Type"),
    "hub": (
        "Trực thuộc",
        "Đầu mối",
        "Đơn vị đầu mối",
        "Mã đầu mối",
        "Đầu mối/Trực thuộc",
        "Đơn vị cấp trên",
        "Đơn vị quản lý",
        "Xã, phường, đặc khu",
        "Hub",
        "Parent",
    ),
    "aliases": (
        "Tên gọi khác",
        "Tên khác",
        "Tên viết tắt",
        "Viết tắt",
        "Aliases",
        "Alias",
        "Other names",
    ),
    "groups": ("Nhóm", "Nhóm đơn vị", "Groups", "Group"),
    "focal_person": (
        "Người đầu mối",
        "Cán bộ đầu mối",
        "Người phụ trách",
        "Người liên hệ",
        "Họ tên người đầu mối",
        "Focal person",
        "Contact",
        "Contact person",
    ),
    "email": (
        "Thư điện tử",
        "Địa chỉ thư điện tử",
        "Thư đơn vị",
        "Hộp thư",
        "Email",
        "E-mail",
        "Email address",
    ),
    "head_email": (
        "Thư lãnh đạo",
        "Thư điện tử lãnh đạo",
        "Email lãnh đạo",
        "Thư thủ trưởng",
        "Head email",
    ),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "Điện thoại liên hệ", "Phone", "Telephone"),
    "deputy": ("Cấp phó", "Họ tên cấp phó", "Người thay thế", "Người phụ trách thay", "Deputy"),
    "deputy_email": ("Thư cấp phó", "Thư điện tử cấp phó", "Email cấp phó", "Deputy email"),
    "sample": ("Đơn vị mẫu", "Mẫu", "Sample"),
}
# A row each for a contact of a unit from day to day, or for an absence.
CONTACT_HEADERS: dict[str, tuple[str, ...]] = {
    "code": HEADERS["code"],
    "name": HEADERS["name"],
    "role": ("Vai trò", "Role"),
    "person": ("Họ tên", "Họ và tên", "Person", "Full name"),
    "email": HEADERS["email"],
    "phone": HEADERS["phone"],
    "channels": ("Kênh", "Kênh nhận tin", "Kênh khác", "Channels", "Channel"),
    "first_day": ("Từ ngày", "Ngày bắt đầu", "From", "Valid from"),
    "last_day": ("Đến hết ngày", "Đến ngày", "Ngày kết thúc", "Until", "Valid until"),
    "absent": ("Vắng mặt", "Vắng", "Absent"),
    "reason": ("Lý do", "Lý do vắng", "Reason"),
}
IGNORED_HEADERS = ("STT", "TT", "Số thứ tự", "Ghi chú", "No", "Note", "Notes")
KIND_NAMES = {
    UnitKind.LEADERSHIP: "lãnh đạo",
    UnitKind.OFFICE: "văn phòng",
    UnitKind.DIVISION: "phòng",
    UnitKind.COMMUNE: "xã, phường, đặc khu",
    UnitKind.DIRECT: "trực thuộc",
    UnitKind.SCHOOL: "cơ sở giáo dục",
}
KIND_SYNONYMS: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.LEADERSHIP: ("lãnh đạo Sở", "lãnh đạo cơ quan", "ban giám đốc"),
    UnitKind.OFFICE: ("văn phòng Sở", "văn phòng cơ quan"),
    UnitKind.DIVISION: (
        "phòng chuyên môn",
        "phòng chuyên môn, nghiệp vụ",
        "phòng thuộc Sở",
        "phòng ban",
    ),
    UnitKind.COMMUNE: (
        "xã",
        "phường",
        "đặc khu",
        "cấp xã",
        "UBND cấp xã",
        "UBND xã",
        "UBND phường",
        "UBND xã, phường, đặc khu",
        "xã/phường/đặc khu",
    ),
    UnitKind.DIRECT: (
        "trực thuộc Sở",
        "đơn vị trực thuộc",
        "đơn vị trực thuộc Sở",
        "THPT",
        "trường THPT",
        "GDTX",
        "trung tâm GDTX",
        "trung tâm",
    ),
    UnitKind.SCHOOL: (
        "trường",
        "trường học",
        "mầm non",
        "mẫu giáo",
        "tiểu học",
        "THCS",
        "TH&THCS",
        "trường mầm non",
        "trường tiểu học",
        "trường THCS",
        "cơ sở giáo dục thuộc xã",
    ),
}
# The row that shows how a template is filled in.
EXAMPLE_CODE = "VÍ-DỤ"

_REMARK = re.compile(r"\([^()]*\)")


class Columns:
    """The columns of one kind of sheet. `needed` must be in its row of headers."""

    def __init__(
        self, headers: Mapping[str, tuple[str, ...]], needed: Collection[str] = ()
    ) -> None:
        self._headers = headers
        self._needed = set(needed)
        self._fields = {
            bare(name): field for field, names in headers.items() for name in (field, *names)
        }
        self._ignored = {bare(name) for name in IGNORED_HEADERS}

    def field_of(self, header: str) -> str | None:
        """The field a header stands for; a remark in brackets or a star changes nothing."""
        return self._fields.get(bare(header)) or self._fields.get(bare(_REMARK.sub("", header)))

    def is_ignored(self, header: str) -> bool:
        return bare(header) in self._ignored

    def is_header(self, cells: tuple[str, ...]) -> bool:
        """At least two headers that we know, one of them saying which unit a row is about."""
        fields = {field for cell in cells if cell and (field := self.field_of(cell))}
        return len(fields) > 1 and bool(fields & {"code", "name"}) and fields >= self._needed

    def title(self, field: str) -> str:
        return self._headers[field][0]

    @property
    def listed(self) -> str:
        return ", ".join(f"{names[0]} ({field})" for field, names in self._headers.items())


UNIT_COLUMNS = Columns(HEADERS)
CONTACT_COLUMNS = Columns(CONTACT_HEADERS, needed=("role",))
field_of = UNIT_COLUMNS.field_of
is_header = UNIT_COLUMNS.is_header
KINDS = {
    bare(name): kind
    for kind in UnitKind
    for name in (kind.value, KIND_NAMES[kind], *KIND_SYNONYMS[kind])
}
ROLE_SYNONYMS: dict[ContactRole, tuple[str, ...]] = {
    ContactRole.FOCAL: ("người đầu mối", "đầu mối", "cán bộ đầu mối"),
    ContactRole.HEAD: ("lãnh đạo đơn vị", "lãnh đạo", "thủ trưởng", "người đứng đầu"),
    ContactRole.DEPUTY: ("người thay", "người thay thế", "cấp phó", "phó"),
}
ROLES = {bare(name): role for role, names in ROLE_SYNONYMS.items() for name in (role.value, *names)}
