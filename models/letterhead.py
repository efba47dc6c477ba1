"""What the head and the foot of an outgoing document say of the agency that sends it."""

from models.message import Document


class Letterhead(Document):
    """Facts of `officer.yaml`; what is empty is left blank on the paper, to be filled in by hand.

    `agency` and `superior` are written as on the paper's head, `symbol` and `drafting` are the
    abbreviations that make up a document's symbol (`SGDĐT`, `GDTrH`). `authority` is empty when
    the head of the agency signs ("GIÁM ĐỐC" is then the `position`).
    """

    superior: str = ""  # cơ quan chủ quản: UBND TỈNH …
    agency: str = ""  # cơ quan ban hành: SỞ …; nơi ban hành kế hoạch khi để trống
    symbol: str = ""
    drafting: str = ""
    place: str = ""  # địa danh
    report_to: tuple[str, ...] = ()  # nơi nhận báo cáo tổng hợp
    recipients: tuple[str, ...] = ()  # nơi nhận khác, ngoài "Như trên" và "Lưu"
    authority: str = ""  # KT. GIÁM ĐỐC
    position: str = ""  # PHÓ GIÁM ĐỐC
    signer: str = ""
