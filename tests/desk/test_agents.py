"""Agents are decided about at the desk, and told in their chat."""

from __future__ import annotations

import re
import uuid

from bot.desk.agents import DECISIONS
from conversations.flows.apply import LESSONS
from storage.agents import agent_of_chat, referral
from tests.desk.office import Office

APPLICATION = (
    *("jadi agen", "[Agen]", "[Sudah]", "Wati Suryani", "Paguyuban Ojek", "kota bandung", "12/PO/2026", "[Lewati]"),
    *("[Paham, lanjut]",) * LESSONS,
    *("[Majikannya]", "3", "[Dia, di HP-nya sendiri]", "[Saya tolak]", "[Kode bayar resmi]", "[Setuju, kirim]"),
)


async def decide(office: Office, state: str, **typed: str) -> str:
    """Decide about the only agent; the page that follows."""
    page = await office.get("/desk/agen")
    found = re.search(rf"/desk/agen/([0-9a-f-]+)/{state}", page.text)
    assert found is not None
    return (await office.post(found[0], page, **typed)).text


async def test_an_approved_agent_gets_a_code_that_leads_to_them(by_hand: Office) -> None:
    """Approved, the agent is told the code in their chat, and the code stands for them; it is audited."""
    await by_hand.begin(role="supervisor")
    await by_hand.worker(*APPLICATION)
    assert "Wati Suryani" in (await by_hand.get("/desk/agen")).text
    assert "desk.news.decided" in await decide(by_hand, "active")
    assert "Kode Kakak" in by_hand.heard[-1]
    async with by_hand.database.read() as connection:
        agent = await agent_of_chat(connection, by_hand.keys, 1)
        assert agent is not None
        found = await referral(connection, by_hand.keys, agent.code, by_hand.clock())
    assert found is not None
    assert (found.kind, found.name, found.letter) == ("agent", "Wati Suryani", "12/PO/2026")
    assert [act for _, act, _ in await by_hand.acts()] == ["agent_active"]


async def test_a_no_needs_a_reason_and_a_suspended_code_stands_for_nobody(by_hand: Office) -> None:
    """Without a reason nothing is decided; while suspended the agent's links lead nowhere, and then again."""
    await by_hand.begin(role="supervisor")
    await by_hand.worker(*APPLICATION)
    assert "desk.agents.problem.reason" in await decide(by_hand, "refused")
    await decide(by_hand, "active")
    await decide(by_hand, "suspended", reason="surat tugas habis")
    assert "surat tugas habis" in by_hand.heard[-1]
    async with by_hand.database.read() as connection:
        assert await agent_of_chat(connection, by_hand.keys, 1) is None
    assert "desk.news.decided" in await decide(by_hand, "active")


async def test_an_operator_may_not_decide(office: Office) -> None:
    """Approving agents is a supervisor's."""
    page = await office.begin()
    await office.worker(*APPLICATION)
    assert (await office.get("/desk/agen")).status == 403
    assert (await office.post(f"/desk/agen/{uuid.uuid4()}/active", page)).status == 403


def test_every_state_leads_somewhere() -> None:
    """What is decided is a state from which more can be decided, or an end."""
    assert {state for states in DECISIONS.values() for state in states} - DECISIONS.keys() == {"refused", "ended"}
