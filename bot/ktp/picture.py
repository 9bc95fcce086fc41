"""Opening a picture that somebody sent, and measuring how good it is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps

from conversations.reading.ktp_advice import Look

LONGEST_SIDE = 1280
"""Pixels that are looked at: more cost time and are seldom sharper."""
MOST_PIXELS = 60_000_000
"""A picture that unfolds to more is none that a phone takes."""
MEASURED_WIDTH = 1000
BLANK = 250

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

Grey = npt.NDArray[np.floating[Any]]


def opened(content: bytes) -> Image.Image:
    """Open a picture the way it was held, no larger than is looked at.

    Raises:
        OSError, ValueError, Image.DecompressionBombError: it is none, or cannot be one of a phone.
    """
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as raw:
        raw.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(raw).convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def clearer(picture: Image.Image) -> Image.Image:
    """The same picture with its light spread out, and larger where it is small: a second chance for a dark one."""
    spread = ImageOps.autocontrast(picture, cutoff=1)
    grown = max(1.0, min(2.0, LONGEST_SIDE / max(picture.size)))
    larger = spread.resize((round(picture.width * grown), round(picture.height * grown)), Image.Resampling.LANCZOS)
    return larger.filter(ImageFilter.UnsharpMask(2, 120, 2))


def measured(picture: Image.Image) -> Look:
    """Measure a picture; see `Look` for the units."""
    scaled = picture.resize((MEASURED_WIDTH, max(1, round(picture.height * MEASURED_WIDTH / picture.width))))
    colours = np.asarray(scaled).astype(np.float32)
    grey: Grey = colours.mean(axis=2)
    middle = grey[grey.shape[0] // 5 : -grey.shape[0] // 5 or None, grey.shape[1] // 5 : -grey.shape[1] // 5 or None]
    return Look(
        light=float(np.median(middle)),
        sharpness=_sharpness(grey),
        glare=float((grey >= BLANK).mean()),
        colour=float((colours.max(axis=2) - colours.min(axis=2)).mean()),
        grid=_grid(grey),
        side=max(picture.size),
    )


def _sharpness(grey: Grey) -> float:
    """The variance of the Laplacian."""
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())


def _grid(grey: Grey) -> float:
    """How far the strongest fine wave stands out from those around it: a screen's grid does, text does not."""
    side = min(512, *grey.shape)
    top, left = (grey.shape[0] - side) // 2, (grey.shape[1] - side) // 2
    cut = grey[top : top + side, left : left + side]
    window = np.hanning(side)
    waves = np.abs(np.fft.rfft2((cut - cut.mean()) * window[:, None] * window[None, :]))
    across, down = np.meshgrid(np.fft.rfftfreq(side), np.fft.fftfreq(side))
    fine = waves[np.hypot(across, down) > 0.15]
    return float(fine.max() / (np.median(fine) + 1e-6))
