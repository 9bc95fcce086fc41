"""Canned replies: seeds, placeholders, and what editors do with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import replies
from bot.desk.filling import filled, unknown_placeholders
from storage.canned import Canned, canned, seed_canned
from tests.desk.office import Office

KNOWN = {"nama": "Budi", "petugas": "Sari", "kasus": "7"}


def test_every_seed_can_be_used() -> None:
    """The replies that come with the program have a title, fit into a message, and use only known placeholders."""
    seeds = replies.seeds()
    assert len({seed.title for seed in seeds}) == len(seeds) > 5
    assert [seed for seed in seeds if replies._problem(seed)] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Halo Kak {nama}, saya {petugas}.", "Halo Kak Budi, saya Sari."),
        ("Kasus {kasus}{kasus}", "Kasus 77"),
        ("{lain} {nama", "{lain} {nama"),
    ],
)
def test_placeholders_are_filled(words: str, said: str) -> None:
    """What is known stands in place of the braces; other braces stay."""
    assert filled(words, KNOWN) == said


def test_an_unknown_name_leaves_no_gap() -> None:
    """Where nobody knows the name the sentence closes over it."""
    assert filled("Halo Kak {nama}, apa kabar?", {"nama": ""}) == "Halo Kak, apa kabar?"


@given(st.text(), st.dictionaries(st.sampled_from(["nama", "petugas", "kasus"]), st.text()))
def test_filling_never_fails(words: str, known: dict[str, str]) -> None:
    """Whatever an operator writes, it can be sent; without a placeholder it stays as it is."""
    said = filled(words, known)
    assert said == words or "{" in words


def test_unknown_placeholders_are_named() -> None:
    """What stands in braces and is none of ours is found."""
    assert unknown_placeholders("{nama} {gaji} {}") == ("gaji", "")


async def test_an_editor_writes_changes_and_removes(office: Office) -> None:
    """A reply is written, changed and removed, each audited; operators see it at a case at once."""
    await office.begin("dewi", "editor")
    page = await office.get("/desk/jawaban")
    await office.post("/desk/jawaban", page, id="", title="Jam buka", words="Kami buka jam 8, Kak {nama}.")
    async with office.database.read() as connection:
        kept = next(one for one in await canned(connection) if one.title == "Jam buka")
    changed = await office.post("/desk/jawaban", page, id=kept.id, title="Jam buka", words="Jam 9, Kak.")
    assert "Jam 9, Kak." in changed.text
    assert "Jam buka" not in (await office.post("/desk/jawaban/hapus", page, id=kept.id)).text
    assert [act for _, act, _ in await office.acts()] == ["canned"] * 3


@pytest.mark.parametrize(
    ("title", "words"),
    [("", "Halo"), ("x" * 61, "Halo"), ("Salam", ""), ("Salam", "Halo {gaji}"), ("Salam", "x" * 1501)],
)
async def test_a_reply_that_cannot_be_used_is_not_kept(office: Office, title: str, words: str) -> None:
    """Without title or words, too long, or with a placeholder of nobody's: what was typed stays on the page."""
    await office.begin("dewi", "editor")
    refused = await office.post("/desk/jawaban", await office.get("/desk/jawaban"), id="", title=title, words=words)
    assert refused.status == 422
    assert await office.acts() == []


async def test_a_start_brings_nothing_back(office: Office) -> None:
    """Seeds that were changed or removed stay as editors left them."""
    await office.begin("dewi", "editor")
    page = await office.get("/desk/jawaban")
    first, second = replies.seeds()[:2]
    await office.post("/desk/jawaban", page, id=first.id, title=first.title, words="Diubah.")
    await office.post("/desk/jawaban/hapus", page, id=second.id)
    async with office.database.write() as connection:
        await seed_canned(connection, [*replies.seeds(), Canned("baru", "Baru", "Halo")], office.clock())
        now = {one.id: one.words for one in await canned(connection)}
    assert now[first.id] == "Diubah."
    assert second.id not in now
    assert now["baru"] == "Halo"
