"""The one way to reach Temporal: connection, payloads, namespace, search attributes, sandbox."""

import asyncio
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from google.protobuf.duration_pb2 import Duration
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client, Plugin
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import PayloadCodec, StorageDriverStoreContext
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from models.search_attributes import SEARCH_ATTRIBUTES
from settings import Settings

# A development server keeps closed workflows for a day; supervisors look back over years.
RETENTION = timedelta(days=3650)

# Below this a payload stays readable in Temporal's own screens.
COMPRESS_ABOVE = 16 * 1024

SETTLING = timedelta(seconds=30)
POLL_SECONDS = 0.1


class TemporalProblem(Exception):
    """What keeps us from using Temporal, as a sentence for the person at the terminal."""


class Unreachable(TemporalProblem):
    pass


class NamespaceUnusable(TemporalProblem):
    pass


class SearchAttributeConflict(TemporalProblem):
    pass


class ZlibCodec(PayloadCodec):
    """Compresses large payloads only; reads both kinds."""

    ENCODING = b"binary/zlib"

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._compressed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._restored(payload) for payload in payloads]

    def _compressed(self, payload: Payload) -> Payload:
        if len(payload.data) <= COMPRESS_ABOVE:
            return payload
        return Payload(
            metadata={"encoding": self.ENCODING}, data=zlib.compress(payload.SerializeToString())
        )

    def _restored(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != self.ENCODING:
            return payload
        return Payload.FromString(zlib.decompress(payload.data))


DATA_CONVERTER = replace(pydantic_data_converter, payload_codec=ZlibCodec())


async def connect(settings: Settings, *, plugins: Sequence[Plugin] = ()) -> Client:
    """Raises Unreachable when nothing answers at `settings.temporal_address`."""
    try:
        return await Client.connect(
            settings.temporal_address,
            namespace=settings.temporal_namespace,
            data_converter=DATA_CONVERTER,
            plugins=plugins,
            runtime=_runtime(),
        )
    except RuntimeError as error:
        raise Unreachable(
            f"Không kết nối được máy chủ Temporal tại {settings.temporal_address}. "
            "Hãy kiểm tra máy chủ đã chạy, hoặc sửa DONDOC_TEMPORAL_ADDRESS."
        ) from error


async def ensure_namespace(settings: Settings) -> None:
    """Creates the namespace, or lengthens its retention; returns once it can be used."""
    client = await connect(settings)
    name = settings.temporal_namespace
    try:
        kept = await _retention(client)
        if kept is None:
            await _register(client)
        elif kept < RETENTION:
            await client.workflow_service.update_namespace(
                UpdateNamespaceRequest(
                    namespace=name,
                    config=NamespaceConfig(workflow_execution_retention_ttl=_duration(RETENTION)),
                )
            )
        await _until_usable(client)
    except RPCError as error:
        raise NamespaceUnusable(
            f"Không tạo hoặc cập nhật được không gian tên “{name}” trên máy chủ Temporal "
            f"{settings.temporal_address}: {error.message}. Quản trị máy chủ cần tạo không gian "
            f"tên này với thời gian lưu {RETENTION.days} ngày, "
            "hoặc sửa DONDOC_TEMPORAL_NAMESPACE."
        ) from error


async def ensure_search_attributes(client: Client) -> None:
    """Adds the search attributes that are missing. Raises SearchAttributeConflict on a type that
    is already another."""
    wanted_types = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES
    }
    registered = await _registered(client)
    conflicts = [
        f"{name} ({IndexedValueType.Name(registered[name])})"
        for name, wanted in wanted_types.items()
        if registered.get(name, wanted) != wanted
    ]
    if conflicts:
        raise SearchAttributeConflict(
            f"Không gian tên “{client.namespace}” đã có thuộc tính tìm kiếm cùng tên nhưng khác "
            f"kiểu: {', '.join(conflicts)}. Hãy xóa thuộc tính đó trên máy chủ Temporal, "
            "hoặc dùng không gian tên khác (DONDOC_TEMPORAL_NAMESPACE)."
        )
    missing = {name: kind for name, kind in wanted_types.items() if name not in registered}
    if missing:
        await _add(client, missing)


class ContextFreeRunner(SandboxedWorkflowRunner):
    """The sandbox for payloads that are written alike whatever they belong to.

    For each payload the sandbox is entered once more to ask what it belongs to, which took a third
    of a worker's time; ZlibCodec and pydantic's converter never look at it. A codec that does
    (keys by workflow, say) needs the sandbox as it is.
    """

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _ContextFree(super().create_instance(det))


class _ContextFree(WorkflowInstance):
    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: object) -> None:  # noqa: ARG002
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:  # noqa: ARG002
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> workflow.Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


def sandbox_restrictions() -> SandboxRestrictions:
    """Our own pure modules are passed through: loading them anew for each workflow costs a quarter
    of a second and gains nothing."""
    return SandboxRestrictions.default.with_passthrough_modules(
        "annotated_types",
        "models",
        "pydantic",
        "pydantic_core",
        "rules",
        "structlog",
        "typing_extensions",
    )


def sandbox_runner() -> SandboxedWorkflowRunner:
    return ContextFreeRunner(restrictions=sandbox_restrictions())


@cache
def _runtime() -> Runtime:
    # The default writes the core's warnings into the terminal, between our own lines.
    quiet = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=quiet)))


def _duration(span: timedelta) -> Duration:
    return Duration(seconds=int(span.total_seconds()))


async def _retention(client: Client) -> timedelta | None:
    """How long the namespace keeps closed workflows; None when there is no such namespace."""
    try:
        found = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return found.config.workflow_execution_retention_ttl.ToTimedelta()


async def _register(client: Client) -> None:
    try:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace,
                description="Đôn Đốc",
                workflow_execution_retention_period=_duration(RETENTION),
            )
        )
    except RPCError as error:
        # Another worker that starts now was faster.
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _until_usable(client: Client) -> None:
    """A new namespace reaches the server's parts one after another."""
    deadline = asyncio.get_running_loop().time() + SETTLING.total_seconds()
    while True:
        try:
            await client.count_workflows()
            return
        except RPCError as error:
            waiting = error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE)
            if not waiting or asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(POLL_SECONDS)


async def _registered(client: Client) -> dict[str, IndexedValueType.ValueType]:
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return dict(answer.custom_attributes)


async def _add(client: Client, missing: dict[str, IndexedValueType.ValueType]) -> None:
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise
    deadline = asyncio.get_running_loop().time() + SETTLING.total_seconds()
    while not missing.keys() <= (await _registered(client)).keys():
        if asyncio.get_running_loop().time() > deadline:
            raise TemporalProblem(
                "Máy chủ Temporal chưa nhận các thuộc tính tìm kiếm: " + ", ".join(sorted(missing))
            )
        await asyncio.sleep(POLL_SECONDS)
