"""What differs between installations: environment variables `DONDOC_…`, read once."""

from collections.abc import Mapping
from email.utils import parseaddr
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rules.addresses import is_private_way


class BadSettings(Exception):
    """A variable that cannot be used, as a sentence that names it."""


def _ui_beside(data: Mapping[str, Any]) -> str | None:
    """The embedded server shows its UI to this machine alone."""
    at_home = urlsplit(data.get("base_url", "")).hostname in ("localhost", "127.0.0.1")
    if not data.get("embedded") or not at_home:
        return None
    return f"http://localhost:{data.get('temporal_ui_port', 8233)}"


class Settings(BaseSettings):
    """Every setting has a line in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="DONDOC_", frozen=True)

    state_dir: Path = Path("var")
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['state_dir'] / 'dondoc.db'}"
    )

    embedded: bool = True
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "dondoc"
    temporal_ui_port: int = Field(default=8233, ge=1, le=65535)
    task_queue: str = "dondoc"
    max_in_flight_updates: int = Field(default=500, ge=10)
    worker_build_id: str | None = None

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    base_url: str = Field(default_factory=lambda data: f"http://localhost:{data.get('port', 8000)}")
    temporal_ui_url: str | None = Field(default_factory=_ui_beside)
    secret_key: SecretStr | None = Field(default=None, min_length=32)
    smtp_url: str | None = None
    smtp_ca_file: Path | None = None
    smtp_connections: int = Field(default=4, ge=1, le=50)
    mail_from: str = "Đôn Đốc <dondoc@localhost>"
    mail_reply_to: str = ""
    allowed_networks: Annotated[tuple[str, ...], NoDecode] = ()
    email_per_minute: int = Field(default=0, ge=0)
    webhook_per_minute: int = Field(default=0, ge=0)
    apprise_per_minute: int = Field(default=0, ge=0)

    oidc_issuer: str | None = None
    oidc_client_id: str | None = Field(default=None, validate_default=True)
    oidc_secret_file: Path | None = Field(default=None, validate_default=True)
    oidc_name: str = "tài khoản của cơ quan"
    request_megabytes: int = Field(default=110, ge=2, le=4000)
    api_per_minute: int = Field(default=600, ge=0)

    attachments_url: str = Field(
        default_factory=lambda data: str(data["state_dir"] / "attachments")
    )
    attachment_megabytes: int = Field(default=20, ge=1, le=2000)
    attachment_kinds: str = "pdf docx xlsx pptx doc xls ppt jpg jpeg png heic mp4 txt csv"

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    @field_validator("temporal_address")
    @classmethod
    def _has_a_port(cls, address: str) -> str:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("cần dạng máy:cổng, ví dụ 127.0.0.1:7233")
        return address

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, url: str | None) -> str | None:
        if not url:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("cần dạng smtp://máy:587 hoặc smtps://người_dùng:mật_khẩu@máy:465")
        tls = parse_qs(parts.query).get("tls", ["auto"])[-1]
        if tls not in ("starttls", "auto", "none"):
            raise ValueError(f"tls={tls}: chỉ nhận starttls, auto hoặc none")
        return url

    @field_validator("attachments_url")
    @classmethod
    def _is_a_file_system(cls, url: str) -> str:
        scheme = urlsplit(url).scheme if "://" in url else "file"
        if scheme != "file":
            from fsspec import get_filesystem_class

            try:
                get_filesystem_class(scheme)
            except ValueError as error:
                raise ValueError(f"không biết hệ thống tệp {scheme}://") from error
            except ImportError as error:
                raise ValueError(f"{scheme}:// cần cài thêm trình điều khiển: {error}") from error
        return url

    @field_validator("mail_from")
    @classmethod
    def _has_an_address(cls, text: str) -> str:
        if "@" not in parseaddr(text)[1] or not text.isprintable():
            raise ValueError("cần dạng Tên người gửi <địa_chỉ@máy>")
        return text

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, address: str | None) -> str | None:
        if address and not is_private_way(address):
            raise ValueError("cần dạng https://đăng-nhập.cơ-quan.vn")
        return address or None

    @field_validator("oidc_client_id", "oidc_secret_file")
    @classmethod
    def _goes_with_an_issuer(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError("cần có khi đặt DONDOC_OIDC_ISSUER")
        return value

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _are_networks(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        listed = tuple(part.strip() for part in text.split(",") if part.strip())
        for part in listed:
            ip_network(part)
        return listed

    @property
    def temporal_host(self) -> str:
        return self.temporal_address.rpartition(":")[0]

    @property
    def temporal_port(self) -> int:
        return int(self.temporal_address.rpartition(":")[2])


@cache
def load() -> Settings:
    """Raises BadSettings."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings(
            "\n".join(
                f"DONDOC_{str(problem['loc'][0]).upper()}: "
                f"{problem['msg'].removeprefix('Value error, ')}"
                for problem in error.errors()
                if problem["type"] != "default_factory_not_called"
            )
        ) from error
