"""Names."""

import datetime as dt

import pytest

from conversations.reading.name import read_name
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "name",
    [
        "Suharto",
        "Ra'uf",
        "Ni Luh Putu Ayu Wulandari",
        "I Made",
        "Togar Parulian Simanjuntak",
        "H. Muhammad Pangestu, S.Pd",
        "Wa Ode Siti",
        "Bagus",
        "Hana",
        "José Da Costa",
        "Op. Sahala Pakpahan",
        "Ong A Kiong",
        "Siti Aminah, SH",
    ],
)
def test_a_name_is_kept_as_typed(name: str) -> None:
    """One word, apostrophes, Balinese parts, clans, titles and initials are names."""
    assert read_name(name, TODAY) == Reading(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nama saya siti aminah", "Siti Aminah"),
        ("halo kak, saya Dedy", "Dedy"),
        ("oke, namaku budi kak", "Budi"),
        ("jenengku paijo", "Paijo"),
        ("SITI AMINAH, S.PD", "Siti Aminah, S.PD"),
        ("ra'uf", "Ra'uf"),
    ],
)
def test_what_is_said_around_a_name_is_dropped(text: str, name: str) -> None:
    """Introductions and forms of address fall away, and words in one case get capitals."""
    assert read_name(text, TODAY) == Reading(name)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("siapa ya?", "question"),
        ("buat apa namanya", "question"),
        ("gak tau", "not_a_name"),
        ("iya kali", "not_a_name"),
        ("nanti aja kak", "not_a_name"),
        ("tukang ojek", "not_a_name"),
        ("ibu", "not_a_name"),
        ("wkwkwk", "not_a_name"),
        ("3204110609970004", "not_a_name"),
        ("Adik saya yang punya ktp", "not_a_name"),
        ("x" * 81, "too_long"),
    ],
)
def test_sentences_and_chat_are_no_names(text: str, problem: str) -> None:
    """Questions, refusals, jobs, forms of address alone and laughter are not taken for a name."""
    assert read_name(text, TODAY) == Reading(problem=problem)


@pytest.mark.parametrize("text", ["bnerr", "kmbali", "piro regane", "ngantos heula", "hujan deras", "seperti biasa"])
def test_slips_and_regional_talk_are_no_names(text: str) -> None:
    """A mistyped command and a sentence in a regional language are nobody's name."""
    assert read_name(text, TODAY).value is None


@pytest.mark.parametrize(
    "name", ["Mbah Ngadiman", "Krisna", "Djoko", "Ktut", "Gandi", "Ujang", "Benny", "Sri", "Kasim"]
)
def test_names_near_a_command_stay_names(name: str) -> None:
    """A name that opens with two consonants, or is one letter from a command, is still a name."""
    assert read_name(name, TODAY).value == name
