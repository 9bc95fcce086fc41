"""An agent's photo as it is shown: small, square, and nothing in it but the picture."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from bot.channels.media import kind_of

SIDE = 320
"""Pixels of a side: sharp on a phone, and a few kilobytes on a slow network."""
QUALITY = 80
SMALLEST = 160
MOST_PIXELS = 50_000_000
"""What the best phones make; anything larger only looks like a photo."""
KINDS = ("image/jpeg", "image/png", "image/webp")


class PortraitError(Exception):
    """What was sent is no photo that can be shown."""


def portrait(content: bytes) -> bytes:
    """Return a photo as a JPEG of `SIDE` pixels square, cut from the middle, without place, time or camera.

    Raises:
        PortraitError: it is no picture, too small or too large.
    """
    if kind_of(content) not in KINDS:
        raise PortraitError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(Image.open(io.BytesIO(content)))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PortraitError from error


def _drawn(image: Image.Image) -> bytes:
    if min(image.size) < SMALLEST or image.width * image.height > MOST_PIXELS:
        raise PortraitError
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    turned = ImageOps.exif_transpose(image).convert("RGB")
    square = ImageOps.fit(turned, (SIDE, SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    out = io.BytesIO()
    # A new picture has no metadata of the old one.
    Image.frombytes("RGB", square.size, square.tobytes()).save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
