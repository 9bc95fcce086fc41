"""An agent's photo becomes a small square picture, and nothing but a picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.field.portraits import SIDE, PortraitError, portrait

PLACE = "6.2088 S"
ORIENTATION, DESCRIPTION = 0x0112, 0x010E


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture that tells where it was taken, lying on its side."""
    out, image = io.BytesIO(), Image.new("RGB", size, "#336655")
    exif = image.getexif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, PLACE
    image.save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_small_and_square_and_tells_nothing_else(kind: str) -> None:
    """Whatever a phone sends becomes a JPEG of a few kilobytes, without the place it was taken at."""
    made = portrait(photo(kind))
    shown = Image.open(io.BytesIO(made))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (SIDE, SIDE), {})
    assert PLACE.encode() not in made
    assert len(made) < 30_000


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 cut", b"%PDF-1.7", photo(size=(100, 400)), photo()[:900]],
    ids=["nothing", "svg", "header", "pdf", "tiny", "torn"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    """A file of another kind, a torn one and one too small are no portrait, whatever they are called."""
    with pytest.raises(PortraitError):
        portrait(content)


def test_a_picture_as_large_as_a_house_is_refused_before_it_is_read() -> None:
    """A small file that unfolds into a huge picture takes no memory."""
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(PortraitError):
        portrait(out.getvalue())
