"""Every page that a worker sees, in every language: marked as such, with nothing left in another."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import field, papers
from bot.channels.web import Languages, page
from bot.channels.web.identity import SHARED
from bot.channels.web.page import Pages
from bot.held_pages import PARTS, Part
from bot.held_words import HeldWords
from bot.texts import catalogue
from bot.texts.catalogue import SOURCE
from bot.web_app import saying
from bot.wording import load_speech
from conversations.reading.language import LANGUAGES

CHAT = {"demo": True, "device": SHARED, "chat": "", "code": "", "idle": 180, "max_text": 4000, "words": "{}"}
INVITES = SimpleNamespace(kind="agent", name="N", organisation="O", letter="1/26", check_at="@")
LANDING: dict[str, Any] = {
    "referral": INVITES,
    "preview": (1200, 630),
    "has_photo": True,
    "link": "/d/1",
    "doors": {"whatsapp": "/1", "telegram": "/2", "web": "/3"},
    "call": "175",
    "operator": "O",
    "demo": True,
}
PROOF = {"today": "1", "call": "175", "demo": True}
WORDS = HeldWords(saying(load_speech()), SOURCE)
SHOWN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat.html", CHAT),
    ("private.html", {"problem": "web.private.not_sixteen", "photos": True, "id": "1"}),
    ("private_done.html", {"web_chat": True}),
    ("private_over.html", {}),
    ("held.html", {"parts": None}),
    ("held.html", {"parts": [Part(name, [[("1", "2")]]) for name in PARTS], "words": WORDS, "again": "/"}),
    ("held_over.html", {}),
    *(("sah.html", {**PROOF, "verdict": verdict}) for verdict in ("valid", "over", "unknown")),
    ("landing.html", LANDING),
)
"""Each template with values that hold no words."""
FOLDERS = (page.FOLDER, Path(papers.__file__).parent / "pages", field.FOLDER)


class Listening:
    """Catalogues that note what is said."""

    def __init__(self, *, mute: bool = False) -> None:
        self.keys: set[str] = set()
        self.mute = mute

    def page(self, name: str, locale: str, values: dict[str, Any]) -> str:
        """Make a page in a language."""
        folder = next(folder for folder in FOLDERS if (folder / name).exists())
        made = Pages(Languages(LANGUAGES, self._saying), "1", folder).page(name, locale, **values).text
        assert made is not None
        return made

    def _saying(self, locale: str) -> Any:
        def say(key: str, /, **given: object) -> str:
            self.keys.add(key)
            return "" if self.mute else saying(load_speech(locale))(key, **given)

        return say


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize(("name", "values"), SHOWN)
def test_a_page_is_whole_in_every_language(name: str, values: dict[str, Any], locale: str) -> None:
    """It names its language to browsers and readers aloud, and every sentence on it has words of that language."""
    heard = Listening()
    assert f'<html lang="{locale}">' in heard.page(name, locale, values)
    own, source = catalogue.read(locale), catalogue.read(SOURCE)
    wanted = {text.key for text in catalogue.wanted(locale)} if locale != SOURCE else set(source)
    assert {key for key in heard.keys & wanted if not (locale == SOURCE or own[key].is_fresh(source[key]))} == set()
    assert not {key for key in heard.keys if key.startswith(catalogue.FOR_AGENTS)}


@pytest.mark.parametrize(("name", "values"), SHOWN)
def test_no_word_stands_in_a_page_itself(name: str, values: dict[str, Any]) -> None:
    """Where the catalogue says nothing the page shows no word: all of them can be translated."""
    made = Listening(mute=True).page(name, SOURCE, values)
    shown = re.sub(r"<[^>]*>", " ", re.sub(r"&\w+;|&#\d+;", " ", made))
    assert re.findall(r"[a-z]{2,}", shown) == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_script_of_the_chat_is_whole_in_every_language(locale: str) -> None:
    """What the chat's script says has words of the language, and keeps the places that the script fills."""
    own = catalogue.read(locale)
    keys = [key for key in catalogue.read(SOURCE) if key.startswith("web.js.")]
    assert [key for key in keys if not own[key].is_said] == []
