"""Drawing an invented card: where things stand is that of a KTP, all else is made up, and SPECIMEN is printed on it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import font_lato
import font_source_sans_pro
import reportlab
from PIL import Image, ImageDraw, ImageFont

from tests.ktp.people import Person

WIDTH, HEIGHT = 1011, 638
"""A card of 85.6 by 54 mm at 300 dots an inch."""
PAPERS = ((176, 214, 236), (190, 222, 240), (168, 205, 228), (196, 216, 226))
INK = (18, 18, 22)

OCR_B = Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf")
"""The letters of machine-readable lines, much like those of the NIK on real cards: Debian's package fonts-ocr-b."""
_VERA = Path(reportlab.__file__).parent / "fonts"
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Face(NamedTuple):
    """A family of letters: plain and bold; "" is the one that Pillow brings with it, Aileron. `digits` are those of the
    NIK, "" for the bold ones."""

    plain: str
    bold: str
    digits: str = ""


FACES = {
    "aileron": Face("", ""),
    "lato": Face(font_lato.Lato, font_lato.LatoBold),
    "source": Face(font_source_sans_pro.SourceSansPro, font_source_sans_pro.SourceSansProSemibold),
    "vera": Face(str(_VERA / "Vera.ttf"), str(_VERA / "VeraBd.ttf")),
}
if OCR_B.exists():
    FACES["ocr-b"] = Face(font_lato.Lato, font_lato.LatoBold, str(OCR_B))


def font(path: str, size: int) -> _Font:
    """Load letters of a size in pixels."""
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def draw_card(person: Person, face: Face, dice: random.Random) -> Image.Image:
    """Draw somebody's card, flat and undamaged."""
    card = Image.new("RGB", (WIDTH, HEIGHT), dice.choice(PAPERS))
    pen = ImageDraw.Draw(card)
    _guilloche(pen, dice)
    _portrait(pen, dice)
    _mark(card, face)
    _head(pen, person, face)
    plain = font(face.plain, 24)
    for number, (label, value) in enumerate(_lines(person)):
        pen.text((40, 166 + number * 36), label, font=plain, fill=INK)
        pen.text((268, 166 + number * 36), f": {value}", font=plain, fill=INK)
    return card


def _head(pen: ImageDraw.ImageDraw, person: Person, face: Face) -> None:
    bold, large = font(face.bold, 29), font(face.bold, 38)
    pen.text((WIDTH // 2, 34), f"PROVINSI {person.home.province}", font=bold, fill=INK, anchor="mm")
    pen.text((WIDTH // 2, 70), person.home.regency, font=bold, fill=INK, anchor="mm")
    pen.text((40, 103), "NIK", font=large, fill=INK)
    digits = font(face.digits, 42) if face.digits else large
    pen.text((210, 103), f": {person.nik}", font=digits, fill=INK)


def _lines(person: Person) -> Iterator[tuple[str, str]]:
    yield "Nama", person.name
    yield "Tempat/Tgl Lahir", f"{person.birth_place}, {person.birth_date:%d-%m-%Y}"
    yield "Jenis Kelamin", f"{person.sex}      Gol. Darah : {person.blood}"
    yield "Alamat", person.address
    yield "      RT/RW", person.ward
    yield "      Kel/Desa", person.home.village
    yield "      Kecamatan", person.home.district
    yield "Agama", person.faith
    yield "Status Perkawinan", person.standing
    yield "Pekerjaan", person.job
    yield "Kewarganegaraan", "WNI"
    yield "Berlaku Hingga", "SEUMUR HIDUP"


def _guilloche(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for x in range(-160, WIDTH, 6):
        pen.line([(x + 160, 0), (x, HEIGHT)], fill=(160 + dice.randrange(20), 205 + dice.randrange(15), 230), width=1)


def _portrait(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    pen.rectangle((770, 150, 970, 420), fill=dice.choice(((200, 40, 40), (30, 70, 190))))
    pen.ellipse((815, 190, 925, 330), fill=(225, 190, 160))
    pen.pieslice((785, 320, 955, 520), 180, 360, fill=(240, 240, 240))


def _mark(card: Image.Image, face: Face) -> None:
    """SPECIMEN stands twice: across the portrait, and over the whole card in the colour of the paper."""
    small = Image.new("L", (300, 60))
    ImageDraw.Draw(small).text((150, 30), "SPECIMEN", font=font(face.bold, 42), fill=230, anchor="mm")
    turned = small.rotate(55, expand=True)
    card.paste((255, 255, 255), (770, 160), turned)
    large = Image.new("L", (900, 200))
    ImageDraw.Draw(large).text((450, 100), "SPECIMEN", font=font(face.bold, 150), fill=40, anchor="mm")
    card.paste((120, 150, 180), (50, 120), large.rotate(25, expand=True).resize((900, 500)))
