"""A card as a reader of pictures finds it when nothing goes wrong: boxes of text, from any side."""

from __future__ import annotations

import math
from collections.abc import Mapping

from conversations.reading.ktp_layout import Box

NIK = "3273011708900001"
LINES = {
    "NIK": f": {NIK}",
    "Nama": ": BUDI SANTOSO",
    "Tempat/Tgl Lahir": ": BANDUNG, 17-08-1990",
    "Jenis Kelamin": ": LAKI-LAKI Gol. Darah: O",
    "Alamat": ": JL. MELATI NO. 3",
    "RT/RW": ": 004/002",
    "Kel/Desa": ": GEGERKALONG",
    "Kecamatan": ": SUKASARI",
    "Agama": ": ISLAM",
    "Status Perkawinan": ": KAWIN",
    "Pekerjaan": ": PEDAGANG",
}
HEAD = ("PROVINSI JAWA BARAT", "KOTA BANDUNG")
WIDE, HIGH, STEP = 12.0, 24.0, 36.0
"""Pixels of a letter, and from line to line."""


def card(changes: Mapping[str, str] | None = None, degrees: float = 0.0, score: float = 0.99) -> tuple[Box, ...]:
    """The boxes of a card with some lines changed (None takes one away), turned by an angle."""
    lines = {**LINES, **(changes or {})}
    flat = [_box(text, 300 - len(text) * WIDE / 2, number * STEP, score) for number, text in enumerate(HEAD)]
    for number, (label, value) in enumerate(lines.items(), start=3):
        flat.append(_box(label, 0, number * STEP, score))
        if value:
            flat.append(_box(value, 230, number * STEP, score))
    return tuple(_turned(box, math.radians(degrees)) for box in flat)


def _box(text: str, x: float, y: float, score: float) -> Box:
    right, bottom = x + len(text) * WIDE, y + HIGH
    return Box(text, ((x, y), (right, y), (right, bottom), (x, bottom)), score)


def _turned(box: Box, angle: float) -> Box:
    cos, sin = math.cos(angle), math.sin(angle)
    return box._replace(corners=tuple((x * cos - y * sin, x * sin + y * cos) for x, y in box.corners))
