"""Who gets a recipient's message: by the directory, the contacts and the absences of the day."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from activities.directory import unit_of
from models.directory import Absence, Contact, ContactRole, Unit
from models.tables import AbsenceTable, ContactTable, UnitTable
from rules.contacts import Reached, reached

HEAD = ":head"
HANDFUL = 500

Row = TypeVar("Row", bound=SQLModel)


class Address(NamedTuple):
    """Where a recipient's message goes; `fallback` says why not to the recipient itself, `code`
    which unit reads it."""

    code: str
    name: str
    email: str
    channels: tuple[str, ...]
    fallback: str | None


class AddressBook:
    """The units that were asked for, their hubs and the coordinator, on one day."""

    def __init__(
        self,
        units: Iterable[Unit],
        contacts: Iterable[Contact],
        absences: Iterable[Absence],
        *,
        coordinator: str,
        day: date,
    ) -> None:
        self._units = {unit.code: unit for unit in units}
        self._contacts = _by_unit(contacts)
        self._absences = _by_unit(absences)
        self._coordinator = coordinator
        self._day = day

    @classmethod
    def read(
        cls, session: Session, recipients: Collection[str], *, coordinator: str, day: date
    ) -> "AddressBook":
        codes = {recipient.partition(":")[0] for recipient in recipients} | {coordinator}
        units = [unit_of(row) for row in _rows(session, UnitTable, "code", codes)]
        hubs = {unit.hub for unit in units if unit.hub} - codes
        units += [unit_of(row) for row in _rows(session, UnitTable, "code", hubs)]
        known = codes | hubs
        return cls(
            units,
            [
                Contact.model_validate(row.model_dump())
                for row in _rows(session, ContactTable, "unit", known)
            ],
            [
                Absence.model_validate(row.model_dump())
                for row in _rows(session, AbsenceTable, "unit", known)
            ],
            coordinator=coordinator,
            day=day,
        )

    def name(self, code: str) -> str:
        return self._units[code].name if code in self._units else code

    def owner(self, recipient: str) -> str:
        """Recipients that share an address share a letter: the head of a unit gets one of its own
        only where it has an address of its own."""
        code = recipient.partition(":")[0]
        if recipient == code or code not in self._units:
            return code
        head = self._reached(code, ContactRole.HEAD)
        own = head.email or head.channels
        same = head.email == self._reached(code, ContactRole.FOCAL).email and not head.channels
        return recipient if own and not same else code

    def of(self, recipient: str) -> Address:
        """A unit without any address is written to through its hub, then the coordinator; with
        neither, `email` and `channels` are empty and `fallback` says so."""
        code = recipient.partition(":")[0]
        unit = self._units.get(code)
        if unit is None:
            return Address(code, code, "", (), f"Danh bạ không có đơn vị {code}.")
        role = ContactRole.HEAD if recipient.endswith(HEAD) else ContactRole.FOCAL
        name = f"Lãnh đạo {unit.name}" if role is ContactRole.HEAD else unit.name
        mine = self._reached(code, role)
        if mine.email or mine.channels:
            return Address(code, name, mine.email, mine.channels, mine.on_behalf)
        for above in (unit.hub, self._coordinator):
            if above is not None and above != code and above in self._units:
                theirs = self._reached(above, ContactRole.FOCAL)
                if theirs.email:
                    sentence = (
                        f"Thư này dành cho {name}, đơn vị chưa có địa chỉ liên hệ trong danh bạ."
                    )
                    return Address(above, self._units[above].name, theirs.email, (), sentence)
        return Address(code, name, "", (), f"{name} chưa có địa chỉ liên hệ trong danh bạ.")

    def _reached(self, code: str, role: ContactRole) -> Reached:
        return reached(
            self._units[code],
            self._contacts.get(code, ()),
            self._absences.get(code, ()),
            role,
            day=self._day,
        )


T = TypeVar("T", Contact, Absence)


def _by_unit(found: Iterable[T]) -> dict[str, list[T]]:
    ordered = sorted(found, key=lambda each: each.unit)
    return {unit: list(each) for unit, each in groupby(ordered, key=lambda each: each.unit)}


def _rows(session: Session, table: type[Row], column: str, wanted: Collection[str]) -> list[Row]:
    """The rows of some units; of many it is quicker to read all."""
    query = select(table)
    if len(wanted) <= HANDFUL:
        query = query.where(col(getattr(table, column)).in_(sorted(wanted)))
    return [row for row in session.scalars(query) if getattr(row, column) in wanted]
