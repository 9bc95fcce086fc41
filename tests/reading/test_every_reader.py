"""What holds for every reader, whatever is typed."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.occupations import by_code
from conversations.reading import READERS, Reading
from conversations.reading.place import region

TODAY = dt.date(2026, 11, 21)
SILENT = {"word", "yes_no"}
CHAT = st.lists(
    st.sampled_from(
        [
            "ya",
            "tidak",
            "gak",
            "bukan",
            "mau",
            "jadi",
            "saya",
            "nama",
            "Siti",
            "S.Pd",
            "ojek",
            "jualan",
            "bakso",
            "di",
            "Bandung",
            "kota",
            "1,5jt",
            "100rb",
            "2",
            "juta",
            "ribu",
            "sehari",
            "-",
            ",",
            ".",
            "?",
            "tgl",
            "3",
            "maret",
            "85",
            "31-02-1990",
            "0812",
            "3456",
            "7890",
            "+62",
            "3204110609970004",
            "setengah",
            "sejuta",
            "cepek",
            "3M",
            "kembali",
            "petugas",
            "status",
            "😂",
            "x",
            "1/2",
        ]
    ),
    max_size=7,
).map(" ".join)
ANY = st.one_of(st.text(max_size=200), CHAT, st.from_regex(r"[0-9 .,/+-]{0,24}", fullmatch=True))


def _sensible(kind: str, value: object) -> bool:
    """Whether a value is one that its kind may have."""
    match kind, value:
        case "money", int():
            return abs(value) <= 10**15
        case "date", dt.date():
            return 1900 <= value.year <= 2100
        case "yes_no", bool():
            return True
        case "nik", str():
            return len(value) == 16 and value.isascii() and value.isdigit()
        case "phone", str():
            return value.startswith("+628") and value[1:].isdigit() and 11 <= len(value) <= 15
        case "name", str():
            return 0 < len(value) <= 80 and not any(c.isdigit() for c in value)
        case "occupation", str():
            return value in by_code
        case "place", str():
            return region(value) is not None
        case "word", str():
            return value in {"help", "back", "restart", "operator", "stop", "status", "language", "person"}
    return False


@pytest.mark.parametrize("kind", READERS)
@settings(deadline=None)
@given(text=ANY)
def test_any_text_gives_a_sensible_value_or_a_problem(kind: str, text: str) -> None:
    """A reader never raises, never gives a value and a problem together, and no value outside its kind."""
    reading = READERS[kind](text, TODAY)
    assert reading.value is None or reading.problem is None
    assert kind in SILENT or reading.value is not None or reading.problem is not None
    assert reading.value is None or _sensible(kind, reading.value)


@pytest.mark.parametrize("kind", sorted(READERS.keys() - SILENT))
@settings(deadline=None)
@given(text=CHAT)
def test_a_reader_reads_its_own_output(kind: str, text: str) -> None:
    """A value written out reads as itself."""
    value = READERS[kind](text, TODAY).value
    if value is not None:
        written = value.isoformat() if isinstance(value, dt.date) else str(value)
        assert READERS[kind](written, TODAY).value == value


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("blank", ["", "   ", "\t \n"])
def test_a_blank_message_is_named_empty(kind: str, blank: str) -> None:
    """Every reader calls a blank message "empty"."""
    assert READERS[kind](blank, TODAY) == Reading(problem="empty")


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "text", ["<b>halo</b>", "x" * 4000, "🎉" * 50, "'; DROP TABLE people;--", "1" * 4000, "a " * 2000]
)
def test_odd_messages_carry_no_value(kind: str, text: str) -> None:
    """Markup, floods and emoji are read as nothing."""
    assert READERS[kind](text, TODAY).value is None
