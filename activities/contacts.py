"""Contacts by role and day, and absences: what officers enter beside the directory."""

from collections.abc import Sequence

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from activities.database import database_errors, reading
from models.directory import Absence, Contact, ContactRole
from models.tables import AbsenceTable, ContactTable
from rules.contact_changes import ContactChange


class Contacts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def of(self, unit: str) -> list[Contact]:
        query = select(ContactTable).where(col(ContactTable.unit) == unit)
        with Session(self._reading) as session:
            rows = session.scalars(query.order_by(col(ContactTable.role), col(ContactTable.id)))
            return [Contact.model_validate(row.model_dump()) for row in rows]

    def absences(self, unit: str) -> list[Absence]:
        query = select(AbsenceTable).where(col(AbsenceTable.unit) == unit)
        with Session(self._reading) as session:
            rows = session.scalars(query.order_by(col(AbsenceTable.first_day)))
            return [Absence.model_validate(row.model_dump()) for row in rows]

    def every(self) -> list[Contact | Absence]:
        """Of all units, as they are listed."""
        with database_errors(), Session(self._reading) as session:
            return _every(session)

    def change(
        self, changes: Sequence[ContactChange], *, seen: Sequence[Contact | Absence]
    ) -> bool:
        """Writes changes in one transaction. False, and nothing is written, when the contacts are
        no longer those that were `seen`."""
        with database_errors(), Session(self._engine) as session:
            if _every(session) != list(seen):
                return False
            for change in changes:
                if change.removed:
                    session.delete(session.get_one(_table(change.what), change.what.id))
                else:
                    session.merge(_row(change.what))
            session.commit()
            return True

    def standing(self, unit: str, role: ContactRole) -> Contact:
        """The contact of a role without days, a new one where there is none."""
        for contact in self.of(unit):
            if (contact.role, contact.valid_from, contact.valid_until) == (role, None, None):
                return contact
        return Contact(unit=unit, role=role)

    def keep(self, contact: Contact) -> Contact:
        """Adds a contact, or replaces the one with its id."""
        with database_errors(), Session(self._engine) as session:
            row = session.merge(_row(contact))
            session.commit()
            return contact.model_copy(update={"id": row.id})

    def keep_absence(self, absence: Absence) -> Absence:
        with database_errors(), Session(self._engine) as session:
            row = session.merge(_row(absence))
            session.commit()
            return absence.model_copy(update={"id": row.id})

    def remove(self, unit: str, identifier: int) -> bool:
        """False when the unit has no such contact."""
        return self._remove(ContactTable, unit, identifier)

    def remove_absence(self, unit: str, identifier: int) -> bool:
        return self._remove(AbsenceTable, unit, identifier)

    def _remove(
        self, table: type[ContactTable] | type[AbsenceTable], unit: str, identifier: int
    ) -> bool:
        with database_errors(), Session(self._engine) as session:
            gone = session.execute(
                delete(table).where(col(table.id) == identifier, col(table.unit) == unit)
            )
            session.commit()
            return bool(gone.rowcount)  # type: ignore[attr-defined]


def _every(session: Session) -> list[Contact | Absence]:
    contacts = session.scalars(
        select(ContactTable).order_by(col(ContactTable.unit), col(ContactTable.id))
    )
    absences = session.scalars(
        select(AbsenceTable).order_by(col(AbsenceTable.unit), col(AbsenceTable.id))
    )
    return [
        *(Contact.model_validate(row.model_dump()) for row in contacts),
        *(Absence.model_validate(row.model_dump()) for row in absences),
    ]


def _table(each: Contact | Absence) -> type[ContactTable] | type[AbsenceTable]:
    return ContactTable if isinstance(each, Contact) else AbsenceTable


def _row(each: Contact | Absence) -> ContactTable | AbsenceTable:
    if isinstance(each, Absence):
        return AbsenceTable(**each.model_dump())
    return ContactTable(**each.model_dump() | {"channels": list(each.channels)})
