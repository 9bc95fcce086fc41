"""What operators may record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.recording import BILL, READERS, read
from conversations.months import Month

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("kpj", "26 1100 00017", "26110000017"),
        ("kpj", "2611000001", None),
        ("kpj", "2611000001a", None),
        ("code", "8808-1234 5678", "880812345678"),
        ("code", "123", None),
        ("total", "16.800", 16_800),
        ("total", "Rp 16800", 16_800),
        ("total", "16.80", None),
        ("total", "0", None),
        ("total", "-5", None),
        ("first", "2026-12", Month(2026, 12)),
        ("first", "2030-12", None),
        ("first", "12-2026", None),
        ("months", "12", 12),
        ("months", "13", None),
        ("months", "²", None),
        ("expires", "2026-11-21", dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC)),
        ("expires", "2026-11-20", None),
        ("expires", "besok", None),
    ],
)
def test_each_field_is_read_strictly(name: str, typed: str, value: Any) -> None:
    """A field is taken only when it is what it should be; the last day ends at midnight in Jakarta."""
    assert READERS[name](typed, TODAY) == value


@given(st.dictionaries(st.sampled_from(("kpj", *BILL)), st.text(max_size=40)))
def test_any_form_is_read_or_its_faults_named(form: dict[str, str]) -> None:
    """Whatever is typed, each field is either a value or named as not right."""
    values, wrong = read(form, ("kpj", *BILL), TODAY)
    assert set(wrong) == {name for name, value in values.items() if value is None}
