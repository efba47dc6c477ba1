"""Any Apprise URL, in a process of its own that connects nowhere it must not."""

import json

import pytest

from activities.channels.addresses import Reach
from activities.channels.apprise_urls import AppriseUrls
from activities.channels.port import Never, NotNow
from tests.activities.channels.parcels import a_parcel
from tests.receivers import http_receiver


async def test_a_message_goes_through_apprise_to_a_receiver() -> None:
    with http_receiver() as receiver:
        async with AppriseUrls(Reach(["127.0.0.0/8"])).session() as session:
            answer = await session.send(a_parcel(), receiver.url("json"))
            receiver.answer = (500, b"", {})
            with pytest.raises(NotNow):
                await session.send(a_parcel(), receiver.url("json"))

    posted = json.loads(receiver.posted[0].body)
    assert answer == "dịch vụ đã nhận"
    assert posted["title"] == "Đôn đốc nhiệm vụ – sắp đến hạn: 1"
    assert "Kính gửi: Văn phòng Sở" in posted["message"]


async def test_nothing_goes_to_a_private_address_nor_to_this_machine() -> None:
    with http_receiver() as receiver:
        async with AppriseUrls(Reach()).session() as session:
            for url in (receiver.url("json"), receiver.url("json", host="localhost"), "syslog://"):
                with pytest.raises((Never, NotNow)):
                    await session.send(a_parcel(), url)
            with pytest.raises(Never, match=r"mạng nội bộ 127\.0\.0\.1"):
                await session.send(a_parcel(), receiver.url("json"))
            with pytest.raises(Never, match="không hiểu"):
                await session.send(a_parcel(), "khong-co://dau")

    assert receiver.posted == []
