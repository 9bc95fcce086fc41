"""Who does not like to type, or cannot: every step can be done by taps where there is anything to choose from."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pytest

from bot import wording
from bot.wording import load_speech
from conversations.messages import Text
from conversations.prompting import MOST_BUTTONS
from conversations.reading.language import LANGUAGES
from conversations.session import Person, fresh
from conversations.steps.phone import Phone
from conversations.steps.step import Answer
from conversations.turn import Facts
from conversations.view import View

ONLY_THE_WORKER_KNOWS = {
    *("email", "home_region", "work_region", "terms_income", "complaint", "children", "form"),
    *("agent_name", "agent_organisation", "agent_area", "agent_letter", "event"),
}
"""Steps that ask for what no list can hold. Places can be shared by a tap in Telegram (`keyboards.PLACES`)."""


def test_every_step_can_be_tapped_where_the_data_allow_it() -> None:
    """Each step has buttons, except those that ask for what only the worker knows; none of them is left out there by
    mistake."""
    tapped: dict[str, bool] = defaultdict(bool)
    for _, step, view in wording.prompts():
        tapped[step.name] |= bool(step.options(view))
    assert {name for name, can_be in tapped.items() if not can_be} == ONLY_THE_WORKER_KNOWS


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_earlier_number_is_taken_by_its_label(locale: str) -> None:
    """Telegram sends the label itself where keys stand in place of the letters: it is read in every language."""
    session = fresh()
    people = (Person(1, {"phone": "+6281234567890"}), Person(2))
    view = View(msgspec.structs.replace(session, people=people, current=2), Facts(), wording.MOMENTS[0])
    said = Text(load_speech(locale).phrases["phone.same"])
    assert Phone("phone").read(said, view) == Answer("+6281234567890")


def test_every_choice_can_be_said_by_its_number() -> None:
    """No list is longer than its numbers can be read aloud: ten at most, whatever the channel."""
    assert all(len(step.options(view)) <= MOST_BUTTONS for _, step, view in wording.prompts())
