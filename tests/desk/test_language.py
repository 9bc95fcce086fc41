"""The desk in Indonesian and English, as each browser chose."""

from __future__ import annotations

from bot.desk.pages import rupiah
from bot.desk.speaking import SPOKEN, in_the_language_of_the_page
from bot.web_app import saying
from bot.wording import load_speech
from tests.desk.office import Office


async def test_an_operator_chooses_the_language_of_the_desk(office: Office) -> None:
    """The choice holds for every page after it, also after signing in anew, and can be taken back."""
    page = await office.begin()
    assert '<html lang="id">' in page.text
    page = await office.post("/desk/bahasa", page, language="en")
    assert '<html lang="en">' in page.text
    assert '<html lang="en">' in (await office.get("/desk/panduan")).text
    assert '<html lang="id">' in (await office.post("/desk/bahasa", page, language="id")).text


async def test_a_language_the_desk_does_not_speak_changes_nothing(office: Office) -> None:
    """A forged choice leaves the desk as it is; without a form of ours it is refused."""
    page = await office.begin()
    assert '<html lang="id">' in (await office.post("/desk/bahasa", page, language="su")).text
    assert (await office.post("/desk/bahasa", language="en")).status == 403


def test_words_and_amounts_follow_the_page() -> None:
    """Each text is said in the language of the page that is being made; amounts look as on the bill in both."""
    say = in_the_language_of_the_page(lambda locale: saying(load_speech(locale)))
    told = {}
    for locale in ("id", "en"):
        token = SPOKEN.set(locale)
        told[locale] = (say("desk.queue"), say("desk.waits.hours", n="1"), rupiah(16_800))
        SPOKEN.reset(token)
    assert told == {"id": ("Antrean", "1 jam", "Rp\u00a016.800"), "en": ("Queue", "1 hour", "Rp\u00a016.800")}
