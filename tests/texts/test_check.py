"""Every language: whole placeholders, labels that fit, gaps by file and line, and a figure for what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import wording
from bot.ask import load_entries, load_told
from bot.cli import cli
from bot.texts import catalogue, check, signing
from bot.texts.catalogue import SOURCE, Text
from bot.wording import load_speech
from conversations.messages import Say
from conversations.reading.language import LANGUAGES
from conversations.speech import Speech

OTHERS = [locale for locale in LANGUAGES if locale != SOURCE]

FIRST = """msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of languages of its own: the Indonesian as it is, the English to be written by the test."""
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    indonesian = {"nik.length": Text("nik.length", 1, ("Tadi ada {digits} angka.",)), "yes": Text("yes", 2, ("Boleh",))}
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path)
    monkeypatch.setattr(signing, "LOCALES", tmp_path)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "load_entries", lambda: ())
    monkeypatch.setattr(check, "load_told", lambda _: {})
    read = catalogue.read.__wrapped__
    monkeypatch.setattr(catalogue, "read", lambda locale: indonesian if locale == SOURCE else read(locale))
    return tmp_path / "en" / "LC_MESSAGES" / "jamin.po"


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_wrong_in_any_language(locale: str) -> None:
    """Nothing is missing or stale, placeholders are those of the Indonesian words, and no entry is left that nobody
    says."""
    assert check.faults(locale) == []


@pytest.mark.parametrize("locale", OTHERS)
def test_labels_of_answers_fit_a_button(locale: str) -> None:
    """What a button says that stands for an answer fits every channel."""
    assert [told.id for told in load_told(locale).values() if not 0 < len(told.label) <= wording.TITLE] == []


def test_every_key_that_code_says_is_in_the_catalogue() -> None:
    """A sentence said in code that no catalogue has is named with the file and line that say it."""
    assert list(check.unsaid_in_code()) == []


def test_what_a_language_lacks_is_named_by_file_and_line(written: Path) -> None:
    """Missing, stale and doubtful entries are told with the line they stand on."""
    written.write_text(FIRST + '#. id: Tadi ada {digits} angka lama.\nmsgid "nik.length"\nmsgstr "{digits} digits."\n')
    gaps = list(map(str, check.undone("en")))
    assert gaps == [
        "en/LC_MESSAGES/jamin.po:7: nik.length: is stale: the Indonesian words are others by now",
        "en/LC_MESSAGES/jamin.po:0: yes: is missing",
    ]
    assert check.share("en") == check.Share(2, 0)
    assert list(map(str, check.faults("en"))) == gaps


def test_a_language_that_somebody_is_at_may_have_gaps(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a language is begun, what it lacks is told and fails nothing."""
    monkeypatch.setattr(catalogue, "BEGUN", frozenset({"en"}))
    written.write_text(FIRST + '#. id: Boleh\nmsgid "yes"\nmsgstr "Yes"\n')
    assert [fault.key for fault in check.undone("en")] == ["nik.length"]
    assert check.faults("en") == []


def test_wrong_placeholders_are_faults_everywhere(written: Path) -> None:
    """A placeholder that nothing fills, and an entry that nobody says, are faults everywhere."""
    wrong_places = '#. id: Tadi ada {digits} angka.\nmsgid "nik.length"\nmsgstr "{numbers} digits."\n\n'
    written.write_text(FIRST + wrong_places + 'msgid "old"\nmsgstr "Old"\n')
    wrong = list(map(str, check.wrong("en")))
    assert wrong[0].endswith("has other placeholders than the Indonesian: digits, numbers")
    assert wrong[1].endswith("old: is said nowhere any more")


def test_an_update_keeps_words_and_adds_what_is_new(written: Path) -> None:
    """After an update new entries stand there empty, with the Indonesian words; a stale one keeps the words it was
    made from, so that it stays stale until somebody looked."""
    written.write_text(FIRST + '#. id: Tadi ada {digits} angka lama.\nmsgid "nik.length"\nmsgstr "{digits} digits."\n')
    written.write_text(catalogue.updated("en"))
    fresh = catalogue.read("en")
    assert fresh["nik.length"].forms == ("{digits} digits.",)
    assert fresh["nik.length"].source == "Tadi ada {digits} angka lama."
    assert (fresh["yes"].forms, fresh["yes"].source) == (("",), "Boleh")
    written.write_text(catalogue.updated("en"))
    assert catalogue.read("en")["nik.length"].forms == ("{digits} digits.",)


def test_what_a_language_lacks_is_said_in_indonesian() -> None:
    """Whatever a language lacks, there are words for it."""
    for locale in OTHERS:
        assert set(load_speech(locale).phrases) >= set(load_speech().phrases)
        assert [entry.id for entry in load_entries(locale)] == [entry.id for entry in load_entries()]


def test_stale_words_are_not_said() -> None:
    """Words made from an older sentence, and doubtful ones, give way to the Indonesian: they may say what no longer
    holds, and lack values that are filled in."""
    source = Text("yes", 1, ("Boleh {n}",))
    made = Text("yes", 1, ("Yes",), source="Boleh {n}")
    assert made.is_fresh(source)
    assert not made._replace(source="Boleh").is_fresh(source)
    assert not made._replace(fuzzy=True).is_fresh(source)
    assert not made._replace(forms=("One", "")).is_fresh(source)


def test_the_figure_is_told_for_each_language() -> None:
    """`texts check` finds every prompt of every language to fit every channel, then tells how much of each language is
    there and whether somebody signed for it."""
    told = CliRunner().invoke(cli, ["texts", "check"])
    assert told.exit_code == 0, told.output
    assert [line.split("\t")[0] for line in told.output.splitlines()] == OTHERS
    assert all("%" in line and "draft" in line for line in told.output.splitlines())


def test_missing_is_listed_for_who_tops_up() -> None:
    """`texts missing` lists gaps with the Indonesian words; an unknown language is refused."""
    assert CliRunner().invoke(cli, ["texts", "missing", "jv"]).exit_code == 0
    assert CliRunner().invoke(cli, ["texts", "missing", "xx"]).exit_code == 2


def test_live_workers_are_offered_signed_languages_only(written: Path) -> None:
    """A draft is spoken in a demo alone; Indonesian, the source, always."""
    written.write_text(FIRST)
    (written.parents[2] / "id" / "LC_MESSAGES").mkdir(parents=True)
    (written.parents[2] / "id" / "LC_MESSAGES" / "jamin.po").write_text(FIRST)
    assert signing.spoken(demo=True) == ("id", "en")
    assert signing.spoken(demo=False) == ("id",)
    (written.parents[1] / "signed.toml").write_text('by = "Rina"\nrole = "teacher"\non = 2027-01-10\n')
    assert signing.spoken(demo=False) == ("id", "en")


def test_no_language_is_signed_by_nobody() -> None:
    """Whoever signs is named, with what they are and when; a file that lacks it stops the check."""
    assert all(found.by and found.role for found in map(signing.signature, LANGUAGES) if found)


def test_plurals_follow_the_language() -> None:
    """One month, two months: English has two forms, the others one."""
    english = load_speech("en")
    assert (_months(english, 1), _months(english, 2)) == ("1 month", "2 months")
    assert _months(load_speech(), 2) == "2 bulan"


def _months(speech: Speech, months: int) -> str:
    return speech.say(Say("months.count", {"months": months}))
