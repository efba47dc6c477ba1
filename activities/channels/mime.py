"""A parcel as a mail any mail program opens."""

from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import NamedTuple

from activities.channels.port import Parcel, one_line
from models.clock import VN
from models.identifiers import message_id

NO_ADDRESS = "khong-co-dia-chi@localhost"


class Sender(NamedTuple):
    """Who writes. `reply_to` is empty where answers go to the same address."""

    name: str
    address: str
    reply_to: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def mail(parcel: Parcel, to: str, sender: Sender) -> Message:
    """`EmailMessage` folds Vietnamese headers with spaces lost, so they are encoded by `Header`."""
    made = MIMEMultipart("alternative") if parcel.html else MIMEText(parcel.text, "plain", "utf-8")
    if isinstance(made, MIMEMultipart):
        made.attach(MIMEText(parcel.text, "plain", "utf-8"))
        made.attach(MIMEText(parcel.html, "html", "utf-8"))
    made["From"] = formataddr((one_line(sender.name), one_line(sender.address)))
    made["To"] = formataddr((one_line(parcel.name), one_line(to)))
    if sender.reply_to:
        made["Reply-To"] = one_line(sender.reply_to)
    made["Subject"] = Header(one_line(parcel.subject), "utf-8", header_name="Subject").encode()
    made["Date"] = format_datetime(parcel.made_at.astimezone(VN))
    made["Message-ID"] = message_id(parcel.key, sender.domain)
    if earlier := [message_id(key, sender.domain) for key in parcel.earlier]:
        made["In-Reply-To"] = earlier[-1]
        made["References"] = " ".join(earlier)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Dondoc-Day"] = parcel.day.isoformat()
    return made
