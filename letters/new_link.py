"""The letter that brings a new sign-in link to somebody who asked for one."""

from datetime import datetime

from letters.letter import Written
from letters.writing import Page, laid_out
from models.clock import VN
from models.plan import Language


def new_link(name: str, url: str, *, asked_at: datetime, until: datetime) -> Written:
    """Both instants are wall time; the link is good `until` then."""
    asked, last = asked_at.astimezone(VN), until.astimezone(VN)
    return laid_out(
        Page(
            language=Language.VIETNAMESE,
            subject="Liên kết mới để vào hệ thống theo dõi, đôn đốc",
            greeting=f"Kính gửi: {name}",
            on_behalf="",
            opening=(
                f"Lúc {asked:%H:%M} ngày {asked:%d/%m/%Y} có người xin liên kết mới để vào hệ "
                "thống, trên trang đăng nhập hoặc từ một liên kết cũ trong thư. Liên kết dưới đây "
                f"dùng được một lần, đến {last:%H:%M} ngày {last:%d/%m/%Y}. Nếu không phải Quý "
                "đơn vị hoặc anh/chị xin, đề nghị bỏ qua thư này; không ai vào được hệ thống nếu "
                "không có thư."
            ),
            sections=[],
            table=None,
            link="Vào hệ thống",
            address=url,
            closing="Trân trọng.",
            footer="Thư gửi tự động theo yêu cầu xin liên kết mới.",
        )
    )
