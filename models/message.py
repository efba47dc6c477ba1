"""The base of every value that crosses a Temporal or process boundary."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A frozen value. Unknown fields are ignored, so that older code reads newer messages."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Document(BaseModel):
    """A frozen value that people write by hand: an unknown field is a mistake and refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
