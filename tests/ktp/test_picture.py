"""Real pictures through the real reader, once: the whole set is in `make proof`."""

from __future__ import annotations

import datetime as dt
import io
import random

import pytest
from PIL import Image

from bot.ktp.child import read
from bot.ktp.picture import LONGEST_SIDE, measured, opened
from bot.ktp.text import TextFinder
from tests.ktp import damage
from tests.ktp.cards import FACES, draw_card
from tests.ktp.people import Person, invent

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def dice() -> random.Random:
    """The same throws each time."""
    return random.Random(20261121)


@pytest.fixture
def person(dice: random.Random) -> Person:
    """Somebody invented."""
    return invent(dice)


@pytest.fixture
def card(person: Person, dice: random.Random) -> Image.Image:
    """Their card."""
    return draw_card(person, FACES["source"], dice)


def test_a_tilted_card_and_one_upside_down_are_read(person: Person, card: Image.Image, dice: random.Random) -> None:
    """The models find every field of a good picture, and of one that lies upside down in the dark."""
    finder = TextFinder()
    upside_down = damage.lit(damage.turned(damage.laid(card, dice, tilt=4, lean=0.02), 180), 0.4)
    for picture in (damage.mild(card, dice), damage.sent(damage.shrunk(upside_down, 1000), 80)):
        found = read(finder, picture, TODAY).card
        assert (found.nik, found.birth_date, found.doubts) == (person.nik, person.birth_date.isoformat(), ())
        assert found.name.upper().replace(" ", "") == person.name.replace(" ", "")


def test_a_picture_is_opened_the_way_it_was_held(card: Image.Image) -> None:
    """A picture is turned as its camera says, and is no larger than is looked at."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    card.resize((2400, 1500)).save(out, "JPEG", exif=exif)
    assert opened(out.getvalue()).size == (round(LONGEST_SIDE * 1500 / 2400), LONGEST_SIDE)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(90)])
def test_what_is_no_picture_raises(content: bytes) -> None:
    """Half a picture, none, and a kind that phones do not take are refused."""
    with pytest.raises((OSError, ValueError)):
        opened(content)


def test_faults_are_measured(card: Image.Image, dice: random.Random) -> None:
    """Dark, soft, mirrored and grey pictures, and those of a screen, measure otherwise than good ones."""
    good = measured(card)
    assert measured(damage.lit(card, 0.2)).light < good.light / 3
    assert measured(damage.blurred(card, 3)).sharpness < good.sharpness / 5
    assert measured(damage.glared(card, dice, 0.2)).glare > good.glare + 0.01
    assert measured(damage.photocopied(card, dice)).colour < good.colour / 2
    assert measured(damage.on_screen(card, dice)).grid > 2 * good.grid
