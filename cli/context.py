"""What commands work with: settings, the database, the client. Opened when first needed."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Engine
from temporalio.client import Client

import settings as settings_module
from activities.attachments import Attachments
from activities.clock import ClockStore
from activities.commands import Commands
from activities.consolidation import Consolidation
from activities.cycle_store import CycleStore
from activities.database import migrate, open_database
from activities.directory import Registry
from activities.ledger import Ledger
from activities.lookup import Lookup
from activities.reports import Reports
from activities.reviews import Reviews
from activities.statistics import Statistics
from activities.urges import Urges
from activities.views import Views
from ending import Ending
from launching import Launcher
from settings import Settings
from temporal_client import connect

T = TypeVar("T")


class Context:
    """One command's surroundings."""

    @cached_property
    def settings(self) -> Settings:
        return settings_module.load()

    @cached_property
    def engine(self) -> Engine:
        """The database, brought up to this version's schema."""
        engine = open_database(self.settings.database_url)
        migrate(engine)
        return engine

    @cached_property
    def clock(self) -> ClockStore:
        return ClockStore(self.engine)

    @cached_property
    def registry(self) -> Registry:
        return Registry(self.engine)

    @cached_property
    def cycles(self) -> CycleStore:
        return CycleStore(self.engine)

    @cached_property
    def launcher(self) -> Launcher:
        return Launcher(self.engine)

    @cached_property
    def ending(self) -> Ending:
        return Ending(self.engine)

    @cached_property
    def commands(self) -> Commands:
        return Commands(self.engine)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.engine)

    @cached_property
    def views(self) -> Views:
        return Views(self.engine)

    @cached_property
    def urges(self) -> Urges:
        return Urges(self.engine)

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.engine)

    @cached_property
    def reports(self) -> Reports:
        settings = self.settings
        return Reports(
            self.engine,
            Attachments(
                self.engine,
                settings.attachments_url,
                most_megabytes=settings.attachment_megabytes,
                kinds=settings.attachment_kinds.split(),
            ),
        )

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.engine)

    @cached_property
    def statistics(self) -> Statistics:
        return Statistics(self.engine)

    @cached_property
    def consolidation(self) -> Consolidation:
        return Consolidation(self.engine)

    @property
    def now(self) -> datetime:
        """The plan instant."""
        return self.clock.plan_now()

    async def client(self) -> Client:
        return await connect(self.settings)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)
