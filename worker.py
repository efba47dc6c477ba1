"""Builds the activities once and runs the workflows; with them the relay of stored commands."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parseaddr
from importlib.metadata import version

import structlog
from sqlalchemy import Engine
from temporalio import workflow
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    PollerBehaviorAutoscaling,
    PollerBehaviorSimpleMaximum,
    Worker,
    WorkerDeploymentConfig,
)

from activities.channels.addresses import Reach
from activities.channels.apprise_urls import AppriseUrls
from activities.channels.mail_folder import MailFolder
from activities.channels.mime import Sender
from activities.channels.port import Channel
from activities.channels.smtp import Smtp, SmtpServer
from activities.channels.webhook import Webhook
from activities.cycles import Cycles
from activities.delivery import relay
from activities.doors import SignInDoors
from activities.ledger import Ledger
from activities.link_letters import LinkLetters
from activities.links import Links, installation_secret
from activities.notices import Notices
from activities.publishing import Publisher
from activities.sending import Post
from rules.channels import APPRISE, EMAIL, WEBHOOK
from settings import Settings
from temporal_client import sandbox_runner
from workflows.cycle import CycleWorkflow
from workflows.plan_task import PlanTaskWorkflow

# The default of 1,000 evicts and replays; a cycle has some thirty workflows, each of them large.
CACHED_WORKFLOWS = 2_000
# After a worker was killed, its workflows wait this long for it before another takes over.
STICKY = timedelta(seconds=2)
STOPPING = timedelta(seconds=10)
ACTIVITY_THREADS = 16
# A step over 2,000 units takes a tenth of a second of the one interpreter lock: more of them side
# by side would only make each look stuck. As many ask the server for work at any time: whoever
# scales that with the work sees few workflows, asks one by one, and leaves a third of the machine
# idle while people wait.
WORKFLOW_TASKS = 6
# States are large and without cycles; by default a sixth of the time goes into looking for some.
OBJECTS_UNTIL_COLLECTION = (50_000, 20, 50)


def build_worker(
    settings: Settings, client: Client, engine: Engine, *, posts: Mapping[str, Post] | None = None
) -> Worker:
    """A worker for the workflows of `settings.task_queue`. Messages leave through `posts`, by
    default the channels of the settings."""
    ledger = Ledger(engine)
    cycles = Cycles(engine, client, settings.task_queue)
    notices = Notices(engine, posts or posts_of(settings), doors_of(settings))
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[CycleWorkflow, PlanTaskWorkflow],
        activities=[
            ledger.record,
            ledger.load,
            ledger.seal,
            cycles.open_tasks,
            cycles.wait_for_tasks,
            cycles.end_tasks,
            notices.compose,
            notices.deliver,
        ],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS, thread_name_prefix="activity"),
        workflow_runner=sandbox_runner(),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS,
        sticky_queue_schedule_to_start_timeout=STICKY,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(WORKFLOW_TASKS),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        # A letter that is being sent is marked before its worker ends.
        graceful_shutdown_timeout=STOPPING,
        deployment_config=_deployment(settings),
    )


def posts_of(settings: Settings) -> dict[str, Post]:
    """The channels of this installation by name."""
    apprise = AppriseUrls(Reach(settings.allowed_networks))
    return {
        EMAIL: Post(_mail_channel(settings), settings.email_per_minute),
        WEBHOOK: Post(_webhook(settings), settings.webhook_per_minute),
        APPRISE: Post(apprise, settings.apprise_per_minute),
    }


def doors_of(settings: Settings) -> SignInDoors:
    return SignInDoors(
        settings.base_url, Links(settings.base_url, installation_secret_of(settings))
    )


def link_letters_of(settings: Settings, engine: Engine) -> LinkLetters:
    links = Links(settings.base_url, installation_secret_of(settings))
    return LinkLetters(engine, _mail_channel(settings), links)


def publisher_of(settings: Settings, engine: Engine) -> Publisher:
    secret = installation_secret_of(settings)
    return Publisher(engine, _webhook(settings), settings.base_url, secret)


@asynccontextmanager
async def running_worker(settings: Settings, client: Client, engine: Engine) -> AsyncIterator[None]:
    """A worker, and beside it whatever starts kept launches and sends kept ends, the relay, the
    sender of sign-in links and the publisher of what is recorded, for as long as the block runs.
    What should run and does not is started first."""
    gc.set_threshold(*OBJECTS_UNTIL_COLLECTION)
    worker = build_worker(settings, client, engine)
    async with worker:
        cycles = Cycles(engine, client, settings.task_queue)
        await cycles.ensure_running()
        beside = [
            asyncio.create_task(cycles.start_kept()),
            asyncio.create_task(cycles.send_kept_ends()),
            asyncio.create_task(relay(engine, client)),
            asyncio.create_task(link_letters_of(settings, engine).run()),
            asyncio.create_task(publisher_of(settings, engine).run()),
        ]
        try:
            yield
        finally:
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


def configure_logging(settings: Settings) -> None:
    """One line an event on the error stream: for people on a terminal, JSON otherwise."""
    console = settings.log_format == "console" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        # Without the values of variables: a password may be among them.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([] if console else [structlog.processors.format_exc_info]),
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    # Alembic, Temporal and httpx say at INFO what nobody asks about.
    for noisy in ("alembic", "httpx", "temporalio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    workflow.logger.workflow_info_on_message = False


def installation_secret_of(settings: Settings) -> str:
    configured = settings.secret_key
    return installation_secret(
        settings.state_dir, None if configured is None else configured.get_secret_value()
    )


def _webhook(settings: Settings) -> Webhook:
    reach = Reach(settings.allowed_networks)
    return Webhook(settings.base_url, installation_secret_of(settings), reach)


def _mail_channel(settings: Settings) -> Channel:
    """A mail server where one is set, otherwise files."""
    name, address = parseaddr(settings.mail_from)
    sender = Sender(name, address, settings.mail_reply_to)
    if settings.smtp_url is None:
        return MailFolder(settings.state_dir / "outbox", sender)
    server = SmtpServer.from_url(settings.smtp_url, ca_file=settings.smtp_ca_file)
    return Smtp(server, sender, at_once=settings.smtp_connections)


def _deployment(settings: Settings) -> WorkerDeploymentConfig:
    """Worker versioning by settings only: in a workflow's decorator it would stall every worker
    that is not versioned. Without, the program's version is what histories say of a worker: by
    default it is a sum over the code of all that was imported, which takes half a second."""
    versioned = settings.worker_build_id is not None
    build = settings.worker_build_id or version("dondoc")
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion("dondoc", build),
        use_worker_versioning=versioned,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE
        if versioned
        else VersioningBehavior.UNSPECIFIED,
    )
