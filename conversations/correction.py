"""A correction in passing: "penghasilan saya sebenarnya 3 juta", "maaf, NIK-nya tadi salah ketik"."""

from __future__ import annotations

import re
from typing import NamedTuple

from conversations.flows.enrolment import ENROLMENT, LINES
from conversations.messages import Text
from conversations.reading.question import is_question
from conversations.steps.step import Answer, Step
from conversations.view import View

MOST_WORDS = 16

VAGUE = frozenset({"no", "nomor", "tanggal", "tgl", "kerja", "bulan", "program", "iuran", "rumah", "lokasi"})
"""Words of the review's lines that alone don't tell which answer is meant."""

_WRONG = re.compile(r"\b(?:salah|keliru|ralat|koreksi|typo|ganti|ubah|rubah|betulin|benerin|perbaiki|lepat|klentu)\b")
_RATHER = re.compile(
    r"\b(?:yang benar|yg benar|yang bener|yg bener|yang betul|yg betul|se?benarnya|sebenernya|se?harusnya|aslinya"
    r"|maksud saya|maksudnya|ralat|jadi|menjadi|tapi|bukan|melainkan)\b[\s:,]*(?:itu|adalah|ialah|ke)?\s*"
)


class Correction(NamedTuple):
    """What is corrected: the step, and the new answer; None where it has to be asked for."""

    step: Step
    answer: Answer | None


def read_correction(view: View, text: str) -> Correction | None:
    """Read which answer of the form a text corrects; None where it corrects none, or the one being asked for."""
    if view.session.flow != ENROLMENT.name or " " not in text:
        return None
    said = " ".join(text.lower().split())
    if not (_WRONG.search(said) or _RATHER.search(said)):
        return None
    if len(said.split()) > MOST_WORDS or is_question(text):
        return None
    step = _named(view, said)
    if step is None:
        return None
    answer = _new_answer(view, step, text)
    return Correction(step, answer) if answer or _WRONG.search(said) else None


def _named(view: View, said: str) -> Step | None:
    """The one answered step that is named and isn't open already."""
    padded = re.sub(r"[^\w]+", " ", f" {said} ").replace("nya ", " ")
    names = {
        name for name, spoken in LINES.items() if any(f" {word} " in padded for word in spoken if word not in VAGUE)
    }
    name = names.pop() if len(names) == 1 else ""
    answered = name in view.answers and name != view.session.asked
    return ENROLMENT.step(name) if answered else None


def _new_answer(view: View, step: Step, text: str) -> Answer | None:
    """What stands after the last "sebenarnya" or "yang benar", as an answer to the step."""
    *_, last = _RATHER.split(text.lower()) if _RATHER.search(text.lower()) else ("",)
    cased = text[len(text) - len(last) :].strip(" .,") if last else ""
    move = step.read(Text(cased), view) if cased else None
    return move if isinstance(move, Answer) else None
