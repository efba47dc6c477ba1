"""Messages for the tests of the channels."""

from datetime import date, datetime

from activities.channels.mime import Sender
from activities.channels.port import Parcel
from models.clock import VN

SENDER = Sender("Đôn Đốc", "don-doc@sgddt.example", "van-thu@sgddt.example")


def a_parcel(**changes) -> Parcel:
    parcel = Parcel(
        key="cycle/p/2026/2026-02-13/VP/digest/1|email",
        recipient="VP",
        name="Văn phòng Sở",
        day=date(2026, 2, 13),
        made_at=datetime(2026, 2, 13, 7, 30, tzinfo=VN),
        subject="Đôn đốc nhiệm vụ – sắp đến hạn: 1",
        text="Kính gửi: Văn phòng Sở\n",
        html="<p>Kính gửi: Văn phòng Sở</p>\n",
        link="http://localhost/vao/x",
    )
    return parcel._replace(**changes)
