"""The reference backend keeps the published contract, whatever it is sent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.backend import codec
from tests.backend.running import HEADERS, order, person, running

CONTRACT = Path(__file__).parents[2] / "docs" / "backend-contract.yaml"
schema = schemathesis.openapi.from_path(CONTRACT)


@pytest.fixture(scope="module")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A reference backend on a loopback port, in a thread of its own."""
    path = tmp_path_factory.mktemp("contract") / "reference.sqlite"
    loop, started, told, stop = asyncio.new_event_loop(), threading.Event(), list[str](), asyncio.Event()

    async def serve() -> None:
        async with running(path) as reference:
            told.append(reference.url)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(10)
    yield told[0] + "/v1"
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def test_contract_is_openapi() -> None:
    """The contract is a valid OpenAPI 3.1 document."""
    OpenAPIV31SpecValidator(yaml.safe_load(CONTRACT.read_text())).validate()


@schema.exclude(operation_id="setFaults").parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_in_the_contract(case: schemathesis.Case[Any], base_url: str) -> None:
    """Every answer to a request, well or badly formed, has a status, type and shape the contract names."""
    case.call_and_validate(base_url=base_url, headers={"Authorization": HEADERS["Authorization"]})


def test_a_membership_is_in_the_contract(base_url: str) -> None:
    """What an enrolment, its bills, a payment and their events are told as is what the contract says."""
    made = order(person(7_000))
    body = msgspec.json.decode(codec.encode(made))
    terms = body["terms"] | {"first": "2026-12"}
    bill_path = {"reference": made.reference}

    def ask(path: str, method: str, **told: Any) -> Any:
        case = schema[path][method].Case(**told)
        return case.call_and_validate(base_url=base_url, headers=HEADERS | {"Idempotency-Key": f"one-{path}"}).json()

    assert ask("/enrolments", "POST", body=body)["outcome"] == "accepted"
    bill = ask("/enrolments/{reference}/bills", "POST", path_parameters=bill_path, body=terms)
    assert ask("/payments", "POST", body={"code": bill["code"]}) == {"result": "paid"}
    state = ask("/enrolments/{reference}", "GET", path_parameters=bill_path)
    assert [held["status"] for held in state["bills"]] == ["expired", "paid"]
    told = ask("/events", "GET", query={"after": 0})["events"]
    assert [event["kind"] for event in told if event["enrolment"] == made.reference] == ["bill.expired", "bill.paid"]
    assert ask("/faults", "PUT", body={"webhook_delay_ms": 1})["faults"]["webhook_delay_ms"] == 1
