"""Organisations and campaigns at the desk, and the agents who belong to them."""

from __future__ import annotations

import re

import pytest

from storage.agents import agent_of_chat, referral
from storage.organisations import Organisation, all_organisations, campaigns
from tests.desk.office import Office, Page
from tests.desk.test_agents import APPLICATION, decide

PASAR = {"kind": "market", "name": "Pasar Senen", "area": "Jakarta Pusat", "check_at": "kantor pasar, lantai satu"}


async def with_pasar(office: Office, **typed: str) -> Page:
    """Sign a supervisor in who makes an organisation; return the page that follows."""
    page = await office.begin(role="supervisor")
    return await office.post("/desk/wadah", page, **PASAR | typed)


async def stored(office: Office) -> list[Organisation]:
    """Return the organisations on record."""
    async with office.database.read() as connection:
        return [listed.organisation for listed in await all_organisations(connection)]


async def test_an_organisation_is_made_and_changed_and_both_are_audited(by_hand: Office) -> None:
    """What it pays is kept only where it was entered, with or without dots; the trail says who entered it."""
    page = await with_pasar(by_hand)
    [made] = await stored(by_hand)
    assert (made.name, made.kind, made.per_enrolment, made.per_payment) == ("Pasar Senen", "market", None, None)
    changed = PASAR | {"name": "Pasar Senen Jaya", "per_enrolment": "5.000"}
    await by_hand.post(f"/desk/wadah/{made.id}/ubah", page, **changed)
    [renamed] = await stored(by_hand)
    assert (renamed.name, renamed.per_enrolment, renamed.per_payment) == ("Pasar Senen Jaya", 5000, None)
    assert await by_hand.acts() == [
        ("sari", "organisation_made", f"organisation {made.id} market pays None None"),
        ("sari", "organisation_changed", f"organisation {made.id} market pays 5000 None"),
    ]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": "x"}, "name"),
        ({"kind": "gang"}, "kind"),
        ({"name": "PASAR senen"}, "taken"),
        ({"name": "Lain", "per_payment": "lima ribu"}, "rupiah"),
        ({"name": "Lain", "per_payment": "99999999"}, "rupiah"),
    ],
)
async def test_what_can_not_be_taken_is_named(by_hand: Office, typed: dict[str, str], problem: str) -> None:
    """A name too short or taken, an unknown kind and what is no amount are refused, and nothing is stored."""
    page = await with_pasar(by_hand)
    refused = await by_hand.post("/desk/wadah", page, **PASAR | typed)
    assert refused.status == 422
    assert f"desk.organisations.problem.{problem}" in refused.text
    assert len(await stored(by_hand)) == 1


async def test_an_approved_agent_belongs_somewhere_on_record(by_hand: Office) -> None:
    """A link names the organisation on record and where to ask; that one can't be closed while the agent is there."""
    page = await with_pasar(by_hand)
    [made] = await stored(by_hand)
    await by_hand.worker(*APPLICATION)
    await decide(by_hand, "active", organisation=made.id, role="agent")
    async with by_hand.database.read() as connection:
        agent = await agent_of_chat(connection, by_hand.keys, 1)
        assert agent is not None
        found = await referral(connection, by_hand.keys, agent.code, by_hand.clock())
    assert found is not None
    assert (found.organisation, found.check_at) == ("Pasar Senen", PASAR["check_at"])
    kept = await by_hand.post(f"/desk/wadah/{made.id}/tutup", page)
    assert "desk.news.still_people" in kept.text
    await by_hand.post(f"/desk/agen/{agent.id}/tempat", page, organisation="", role="agent")
    await by_hand.post(f"/desk/wadah/{made.id}/tutup", page)
    assert (await stored(by_hand))[0].closed_at is not None
    refused = await by_hand.post(f"/desk/agen/{agent.id}/tempat", page, organisation=made.id, role="agent")
    assert "desk.agents.problem.organisation" in refused.text


async def test_another_role_is_told_and_changes_what_one_may_do(by_hand: Office) -> None:
    """An agent who becomes a volunteer hears of it, forwards links from then on, and enters nobody's data."""
    page = await by_hand.begin(role="supervisor")
    await by_hand.worker(*APPLICATION)
    await decide(by_hand, "active")
    async with by_hand.database.read() as connection:
        agent = await agent_of_chat(connection, by_hand.keys, 1)
    assert agent is not None
    await by_hand.post(f"/desk/agen/{agent.id}/tempat", page, organisation="", role="volunteer")
    assert "Relawan" in by_hand.heard[-1]
    await by_hand.worker("agen")
    assert "Bantu isi data" not in {button.label for button in by_hand.buttons}
    async with by_hand.database.read() as connection:
        found = await referral(connection, by_hand.keys, agent.code, by_hand.clock())
    assert found is not None
    assert found.kind == "volunteer"


async def test_a_campaign_leads_somewhere_until_it_is_ended(by_hand: Office) -> None:
    """A campaign has a code of its own that names it, and after its end names nothing."""
    page = await by_hand.begin(role="supervisor")
    await by_hand.post("/desk/kampanye", page, title="Kerja Keras Bebas Cemas")
    async with by_hand.database.read() as connection:
        [campaign] = await campaigns(connection)
        found = await referral(connection, by_hand.keys, campaign.code, by_hand.clock())
    assert found is not None
    assert (found.kind, found.name) == ("campaign", "Kerja Keras Bebas Cemas")
    await by_hand.post(f"/desk/kampanye/{campaign.code}/akhiri", page)
    async with by_hand.database.read() as connection:
        assert await referral(connection, by_hand.keys, campaign.code, by_hand.clock()) is None
    assert [act for _, act, _ in await by_hand.acts()] == ["campaign_begun", "campaign_ended"]


async def test_an_auditor_looks_and_changes_nothing(by_hand: Office) -> None:
    """Who may only look is offered no form."""
    await by_hand.begin(role="auditor")
    page = await by_hand.get("/desk/wadah")
    assert page.status == 200
    assert not re.search(r'action="/desk/(wadah|kampanye)', page.text)
