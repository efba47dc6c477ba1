"""What pages work with: made once when the program starts, handed to each route."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from activities.accounts import Accounts, Door
from activities.asked import AskedBefore
from activities.attachments import Attachments
from activities.calendars import Calendars
from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore
from activities.directory import Registry
from activities.feeds import Feeds
from activities.link_letters import LinkRequests
from activities.links import Links, installation_secret
from activities.lookup import Lookup
from activities.openid import Provider
from activities.passwords import Passwords
from activities.plan_reviews import PlanReviews
from activities.reports import Reports
from activities.reviews import Reviews
from activities.sessions import Sessions
from activities.subscriptions import Subscriptions
from activities.tokens import Tokens
from activities.views import Views
from ending import Ending
from launching import Launcher
from settings import Settings
from web.acts import Acts
from web.forms import Seals
from web.plan_review.reading import Readings
from web.surroundings import CookieNames


@dataclass(frozen=True)
class Tools:
    settings: Settings
    engine: Engine

    @cached_property
    def secret(self) -> str:
        configured = self.settings.secret_key
        return installation_secret(
            self.settings.state_dir, configured.get_secret_value() if configured else None
        )

    @cached_property
    def cookies(self) -> CookieNames:
        return CookieNames(secure=self.settings.base_url.startswith("https://"))

    @cached_property
    def seals(self) -> Seals:
        return Seals(self.secret)

    @cached_property
    def links(self) -> Links:
        return Links(self.settings.base_url, self.secret)

    @cached_property
    def link_requests(self) -> LinkRequests:
        return LinkRequests(self.engine)

    @cached_property
    def feeds(self) -> Feeds:
        return Feeds(self.engine, self.settings.base_url)

    @cached_property
    def calendars(self) -> Calendars:
        return Calendars(self.engine)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.engine)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.engine)

    @cached_property
    def passwords(self) -> Passwords:
        return Passwords(self.engine)

    @cached_property
    def provider(self) -> Provider | None:
        """Where officers and supervisors may sign in with an account of the agency's own."""
        settings = self.settings
        if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_secret_file):
            return None
        return Provider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_secret_file,
            settings.base_url,
        )

    @cached_property
    def door(self) -> Door:
        return Door(self.engine)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.engine)

    @cached_property
    def asked(self) -> AskedBefore:
        return AskedBefore(self.engine)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.engine)

    @cached_property
    def clock(self) -> ClockStore:
        return ClockStore(self.engine)

    @cached_property
    def commands(self) -> Commands:
        return Commands(self.engine)

    @cached_property
    def acts(self) -> Acts:
        return Acts(self.settings, self.commands, self.clock)

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
    def plan_reviews(self) -> PlanReviews:
        return PlanReviews(self.engine)

    @cached_property
    def readings(self) -> Readings:
        folder = self.settings.state_dir / "documents"
        return Readings(self.plan_reviews, self.registry, folder)

    @cached_property
    def lookup(self) -> Lookup:
        return Lookup(self.engine)

    @cached_property
    def reports(self) -> Reports:
        settings = self.settings
        kept = Attachments(
            self.engine,
            settings.attachments_url,
            most_megabytes=settings.attachment_megabytes,
            kinds=settings.attachment_kinds.split(),
        )
        return Reports(self.engine, kept)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.engine)

    @cached_property
    def views(self) -> Views:
        return Views(self.engine)


# Asynchronous, as is whatever does not wait: each plain function costs a change of thread.
async def tools_of(request: Request) -> Tools:
    tools: Tools = request.app.state.tools
    return tools


ToolsOf = Annotated[Tools, Depends(tools_of)]


async def plan_now(request: Request, tools: ToolsOf) -> datetime:
    """The plan instant of the request: known with its visitor, otherwise one query."""
    known: datetime | None = getattr(request.state, "now", None)
    return await run_in_threadpool(tools.clock.plan_now) if known is None else known


Now = Annotated[datetime, Depends(plan_now)]
