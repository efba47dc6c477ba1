"""What differs between installations: environment variables `DONDOC_…`, read once."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class BadSettings(Exception):
    """A variable that cannot be used, as a sentence that names it."""


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
    secret_key: SecretStr | None = Field(default=None, min_length=32)
    smtp_url: str | None = None

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    @field_validator("temporal_address")
    @classmethod
    def _has_a_port(cls, address: str) -> str:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("cần dạng máy:cổng, ví dụ 127.0.0.1:7233")
        return address

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
                f"DONDOC_{str(problem['loc'][0]).upper()}: {problem['msg']}"
                for problem in error.errors()
                if problem["type"] != "default_factory_not_called"
            )
        ) from error
