"""Finding text on a picture, with rapidocr (PP-OCR on onnxruntime, Apache 2.0), whose models are inside its wheel."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageOps
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecOutput
from rapidocr.utils.output import RapidOCROutput

from conversations.reading.ktp_layout import Box

THREADS = 1
"""Two would be a third faster, and would keep the other core from the chats by waiting for each other busily."""
LINE_HEIGHT = 64
"""Pixels that a line is brought to for the second look."""
ROUND_IT = 0.12
"""Share of its height that is taken along around a line."""
DETECTED = 960
"""Pixels of the longest side on which lines are looked for, which takes half as long; they are read as they are."""
SET = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": DETECTED,
    # Lines are filled up to the longest of those that are read together: so few at a time, and short ones stay short.
    "Rec.rec_img_shape": [3, 48, 64],
    "Rec.rec_batch_num": 2,
}


class TextFinder:
    """The models, loaded once: about 200 MB, and 500 MB while a picture is read."""

    def __init__(self) -> None:
        self._ocr = RapidOCR(params=SET)

    def warm(self) -> None:
        """Load the models now, which would be loaded when they are needed first."""
        paper = Image.new("RGB", (320, 96), "white")
        self.boxes(paper)
        self.line(paper, Box("", ((0.0, 0.0), (320.0, 0.0), (320.0, 48.0), (0.0, 48.0)), 0.0))

    def boxes(self, picture: Image.Image) -> tuple[Box, ...]:
        """Return all text on a picture."""
        # What is left out keeps the value of the call before.
        found = self._ocr(_as_bgr(picture), use_det=True, use_cls=True, use_rec=True)
        if not isinstance(found, RapidOCROutput) or found.boxes is None or not found.txts or not found.scores:
            return ()
        corners = (tuple((float(x), float(y)) for x, y in box) for box in found.boxes)
        return tuple(
            Box(text, place, float(score)) for place, text, score in zip(corners, found.txts, found.scores, strict=True)
        )

    def line(self, picture: Image.Image, box: Box) -> str:
        """Look a second time at the line in a box: cut out, larger, in grey, with its light spread out."""
        cut = ImageOps.autocontrast(ImageOps.grayscale(cut_out(picture, box)), cutoff=1).convert("RGB")
        found = self._ocr(_as_bgr(cut), use_det=False, use_cls=True, use_rec=True)
        return " ".join(found.txts or ()) if isinstance(found, TextRecOutput) else ""


def cut_out(picture: Image.Image, box: Box) -> Image.Image:
    """Cut a box out of a picture and lay it flat; one that stands upright is laid on its side."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = _grown(box)
    width, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
    grown = LINE_HEIGHT / max(1.0, min(width, height))
    size = (max(1, round(width * grown)), max(1, round(height * grown)))
    quad = (x0, y0, x3, y3, x2, y2, x1, y1)
    flat = picture.transform(size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    return flat.transpose(Image.Transpose.ROTATE_90) if size[1] > size[0] else flat


def _grown(box: Box) -> list[tuple[float, float]]:
    """The corners, a little further out."""
    middle_x = sum(x for x, _ in box.corners) / 4
    middle_y = sum(y for _, y in box.corners) / 4
    (x0, y0), (x1, y1), _, (x3, y3) = box.corners
    out = ROUND_IT * min(math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0))
    return [(x + math.copysign(out, x - middle_x), y + math.copysign(out, y - middle_y)) for x, y in box.corners]


def _as_bgr(picture: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
