"""What happens to a card on its way into a picture: the three grades of `make proof`, and each fault alone."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

TABLES = ((90, 70, 55), (200, 198, 190), (60, 62, 66), (150, 120, 90), (228, 226, 220))
Damage = Callable[[Image.Image, random.Random], Image.Image]


def _numbers(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture).astype(np.float32)


def _picture(numbers: np.ndarray) -> Image.Image:
    return Image.fromarray(numbers.clip(0, 255).astype(np.uint8))


# --- one fault each --------------------------------------------------------------------------------------------------


def laid(card: Image.Image, dice: random.Random, tilt: float, lean: float) -> Image.Image:
    """Lay a card on a table, tilted by at most so many degrees, its corners moved by at most such a share."""
    width, height = int(card.width * dice.uniform(1.12, 1.35)), int(card.height * dice.uniform(1.2, 1.5))
    table = Image.new("RGBA", (width, height), (*dice.choice(TABLES), 255))
    on_table = Image.new("RGBA", (width, height))
    on_table.paste(card, ((width - card.width) // 2, (height - card.height) // 2))
    away = [dice.uniform(-lean, lean) for _ in range(8)]
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    quad = [v for n, (x, y) in enumerate(corners) for v in (x + away[2 * n] * width, y + away[2 * n + 1] * height)]
    leaning = on_table.transform(on_table.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    turned = leaning.rotate(dice.uniform(-tilt, tilt), resample=Image.Resampling.BICUBIC)
    return Image.alpha_composite(table, turned).convert("RGB")


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """A lens out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(radius))


def grainy(picture: Image.Image, dice: random.Random, strength: float) -> Image.Image:
    """A small sensor at night."""
    noise = np.random.default_rng(dice.randrange(2**32)).normal(0, strength, (picture.height, picture.width, 3))
    return _picture(_numbers(picture) + noise)


def lit(picture: Image.Image, share: float) -> Image.Image:
    """Only a share of the light."""
    return ImageEnhance.Brightness(picture).enhance(share)


def shadowed(picture: Image.Image, dice: random.Random) -> Image.Image:
    """The shadow of the hand with the phone."""
    across = np.linspace(dice.uniform(0.4, 0.6), dice.uniform(0.9, 1.1), picture.width)
    if dice.random() < 0.5:
        across = across[::-1]
    return _picture(_numbers(picture) * across[None, :, None])


def glared(
    picture: Image.Image, dice: random.Random, size: float, where: tuple[float, float] | None = None
) -> Image.Image:
    """A lamp mirrored in the laminate: a white spot of a share of the width."""
    x, y = where or (dice.uniform(0.15, 0.9), dice.uniform(0.3, 0.9))
    spot = Image.new("L", picture.size)
    radius = size * picture.width
    box = (x * picture.width - radius, y * picture.height - radius / 2, x * picture.width + radius)
    ImageDraw.Draw(spot).ellipse((*box, y * picture.height + radius / 2), fill=255)
    bright = picture.copy()
    bright.paste((255, 255, 255), (0, 0), spot.filter(ImageFilter.GaussianBlur(radius / 4)))
    return bright


def on_screen(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A photo of a screen: its grid beats against the camera's."""
    rows, columns = np.mgrid[0 : picture.height, 0 : picture.width]
    pitch, angle = dice.uniform(3.2, 6.0), dice.uniform(0.02, 0.2)
    wave = np.sin((columns * math.cos(angle) + rows * math.sin(angle)) * 2 * math.pi / pitch)
    wave += np.sin((rows * math.cos(angle) - columns * math.sin(angle)) * 2 * math.pi / (pitch * 1.07))
    tinted = _numbers(picture) * np.array([0.95, 1.0, 1.06])
    return _picture(tinted * (1 + 0.05 * wave[..., None]))


def photocopied(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A photocopy: grey, hard, with specks."""
    grey = ImageOps.autocontrast(ImageOps.grayscale(picture), cutoff=2)
    hard = ImageEnhance.Contrast(grey).enhance(dice.uniform(1.3, 1.9)).convert("RGB")
    return grainy(hard, dice, 6)


def cut(picture: Image.Image, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0) -> Image.Image:
    """Cut off shares of the sides."""
    width, height = picture.size
    return picture.crop((int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height)))


def shrunk(picture: Image.Image, width: int) -> Image.Image:
    """Fewer pixels."""
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.BILINEAR)


def turned(picture: Image.Image, degrees: int) -> Image.Image:
    """Held the other way."""
    return picture.rotate(degrees, expand=True)


def sent(picture: Image.Image, quality: int) -> bytes:
    """As a messenger sends it: a JPEG."""
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


# --- the grades ------------------------------------------------------------------------------------------------------


def clean(card: Image.Image, dice: random.Random) -> bytes:
    """Daylight, flat on a table, straight from above."""
    picture = lit(laid(card, dice, tilt=1.5, lean=0.01), dice.uniform(0.9, 1.1))
    return sent(shrunk(picture, dice.choice((1280, 1600))), dice.randint(80, 92))


def mild(card: Image.Image, dice: random.Random) -> bytes:
    """As most are: tilted, a little soft, unevenly lit, pressed by a messenger."""
    picture = laid(card, dice, tilt=6, lean=0.03)
    picture = grainy(blurred(picture, dice.uniform(0.4, 1.2)), dice, dice.uniform(2, 7))
    picture = dice.choice((shadowed, lambda p, d: lit(p, d.uniform(0.65, 1.15))))(picture, dice)
    return sent(shrunk(picture, dice.choice((960, 1080, 1280))), dice.randint(50, 75))


TROUBLES: Mapping[str, Damage] = {
    "turned": lambda p, d: turned(p, d.choice((90, 180, 270))),
    "blurred": lambda p, d: blurred(p, d.uniform(1.8, 3.0)),
    "dark": lambda p, d: grainy(lit(p, d.uniform(0.15, 0.35)), d, 7),
    "glare": lambda p, d: glared(p, d, d.uniform(0.06, 0.14)),
    "screen": on_screen,
    "photocopy": photocopied,
    "small": lambda p, d: shrunk(p, d.randint(500, 680)),
    "cropped": lambda p, d: cut(p, right=d.uniform(0.12, 0.25), bottom=d.uniform(0.05, 0.2)),
    "shadow": shadowed,
}


def hard(card: Image.Image, dice: random.Random) -> bytes:
    """Two troubles at once, on a card that is tilted, soft and grainy already."""
    picture = laid(card, dice, tilt=12, lean=0.05)
    picture = grainy(blurred(picture, dice.uniform(0.5, 1.2)), dice, dice.uniform(3, 8))
    for name in dice.sample(tuple(TROUBLES), 2):
        picture = TROUBLES[name](picture, dice)
    return sent(shrunk(picture, min(picture.width, 1280)), dice.randint(40, 70))


def not_a_card(dice: random.Random) -> Image.Image:
    """Something else: a page of a book, of words without a meaning."""
    page = Image.new("RGB", (1011, 638), dice.choice(TABLES))
    pen = ImageDraw.Draw(page)
    for row in range(dice.randrange(0, 14)):
        words = ("".join(dice.choices("aeioubdgkmnprst", k=dice.randint(2, 9))) for _ in range(7))
        pen.text((40, 30 + row * 42), " ".join(words), fill=(20, 20, 20), font_size=26)
    return page


BEYOND: Mapping[str, tuple[str, Damage]] = {
    "pitch dark": ("dark", lambda p, d: grainy(lit(p, 0.06), d, 9)),
    "out of focus": ("blurred", lambda p, d: blurred(p, d.uniform(7, 10))),
    "lamp on the NIK": ("glare", lambda p, d: glared(glared(p, d, 0.35, (0.4, 0.19)), d, 0.35, (0.4, 0.19))),
    "NIK cut off": ("cropped", lambda p, d: cut(p, top=0.33)),
    "far away": ("small", lambda p, d: shrunk(p, 150)),
    "bad screen": ("screen", lambda p, d: on_screen(blurred(p, 5), d)),
    "bad photocopy": ("blurred", lambda p, d: blurred(photocopied(p, d), 6)),
    "no KTP": ("not_ktp", lambda _, d: not_a_card(d)),
}
"""What nobody can read: each with the advice it should get."""

GRADES: Mapping[str, Callable[[Image.Image, random.Random], bytes]] = {"clean": clean, "mild": mild, "hard": hard}
