"""Namespace, search attributes, payloads and sandbox, on a real server."""

from uuid import uuid4

import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration
from temporalio import workflow
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from models.clock import VN, Clock
from models.search_attributes import PLAN, SEARCH_ATTRIBUTES
from settings import Settings
from temporal_client import (
    COMPRESS_ABOVE,
    DATA_CONVERTER,
    RETENTION,
    SearchAttributeConflict,
    Unreachable,
    connect,
    ensure_namespace,
    ensure_search_attributes,
    sandbox_runner,
)
from temporal_server import TemporalServer
from tests.servers import a_free_port, some_settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory):
    settings = some_settings(tmp_path_factory.mktemp("state"))
    async with TemporalServer(settings, headless=True):
        yield settings


@pytest_asyncio.fixture
async def settings(server):
    """A namespace of its own for each test, on one server."""
    settings = server.model_copy(update={"temporal_namespace": f"test-{uuid4().hex}"})
    await ensure_namespace(settings)
    return settings


async def retention_of(client):
    found = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    return found.config.workflow_execution_retention_ttl.ToTimedelta()


async def test_closed_workflows_are_kept_for_ten_years(settings):
    assert await retention_of(await connect(settings)) == RETENTION


async def test_the_embedded_server_keeps_them_as_long(server):
    assert await retention_of(await connect(server)) == RETENTION


async def test_a_namespace_that_forgets_sooner_is_made_to_remember(server):
    other = server.model_copy(update={"temporal_namespace": "short"})
    client = await connect(other)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace="short", workflow_execution_retention_period=Duration(seconds=86400)
        )
    )

    await ensure_namespace(other)

    assert await retention_of(client) == RETENTION


async def test_preparing_twice_changes_nothing(settings):
    client = await connect(settings)

    for _ in range(2):
        await ensure_namespace(settings)
        await ensure_search_attributes(client)

    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    assert dict(listed.custom_attributes) == {
        key.name: int(key.indexed_value_type) for key in SEARCH_ATTRIBUTES
    }


async def test_an_attribute_missing_from_an_older_file_is_added(settings):
    client = await connect(settings)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace,
            search_attributes={PLAN.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD},
        )
    )

    await ensure_search_attributes(client)

    await client.start_workflow(
        "any",
        id="w",
        task_queue="q",
        search_attributes=TypedSearchAttributes([SearchAttributePair(PLAN, "nq57")]),
    )


async def test_an_attribute_of_another_type_is_named(settings):
    client = await connect(settings)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace,
            search_attributes={"DondocOpen": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD},
        )
    )

    with pytest.raises(SearchAttributeConflict, match="DondocOpen"):
        await ensure_search_attributes(client)


@workflow.defn(name="echo")
class Echo:
    @workflow.run
    async def run(self, clock: Clock, text: str) -> str:
        return f"{clock.plan_time(workflow.now()).tzinfo == VN} {len(text)}"


async def test_our_models_and_large_texts_pass_through_a_sandboxed_workflow(settings):
    client = await connect(settings)
    text = "hạn nộp " * 20_000
    async with Worker(client, task_queue="q", workflows=[Echo], workflow_runner=sandbox_runner()):
        said = await client.execute_workflow(Echo.run, args=[Clock(), text], id="w", task_queue="q")

    history = await client.get_workflow_handle("w").fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes
    small, large = started.input.payloads
    assert said == f"True {len(text)}"
    assert small.metadata["encoding"] == b"json/plain"
    assert large.metadata["encoding"] == b"binary/zlib"
    assert len(large.data) < 5_000


@pytest.mark.parametrize("size", [0, COMPRESS_ABOVE - 2, COMPRESS_ABOVE, 3 * COMPRESS_ABOVE])
async def test_every_payload_comes_back_as_it_went(size):
    text = "x" * size

    payloads = await DATA_CONVERTER.encode([text])

    assert (payloads[0].metadata["encoding"] == b"binary/zlib") == (size + 2 > COMPRESS_ABOVE)
    assert await DATA_CONVERTER.decode(payloads, [str]) == [text]


async def test_a_server_that_does_not_answer_is_named_with_its_setting():
    settings = Settings(temporal_address=f"127.0.0.1:{a_free_port()}")

    with pytest.raises(Unreachable, match="DONDOC_TEMPORAL_ADDRESS"):
        await connect(settings)


def test_sqlite_has_room_for_every_number_we_index():
    numbers = [key for key in SEARCH_ATTRIBUTES if key.value_type is int]

    assert len(numbers) <= 3
