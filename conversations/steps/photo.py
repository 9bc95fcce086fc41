"""The KTP by photo: a picture instead of typing, what was read shown field by field, and a yes to it.

The picture is read outside the turn (`effects.ReadKtp`); what comes back (`messages.KtpRead`) is taken only while the
question it was sent for is still open. What the reader doubts is never taken by the yes: it is offered at its own
question, where one tap or a few letters settle it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from conversations.effects import ReadKtp
from conversations.messages import Contact, KtpRead, Lines, Reply, Say
from conversations.reading.choice import read_choice
from conversations.reading.ktp_card import Card
from conversations.reading.phone import read_phone
from conversations.reading.place import region
from conversations.reading.spelling import vocabulary
from conversations.reading.yes_no import read_yes_no
from conversations.session import Answers
from conversations.steps.nik import grouped, masked, same_nik, takes_photo
from conversations.steps.step import Answer, Consequence, GoTo, Move, Option, Said, Step, words
from conversations.turn import FindSponsor, Lacking
from conversations.view import View

MOST_PHOTOS = 5
"""Pictures that are read for one person; after that, typing is quicker."""
FIELDS = ("nik", "name", "birth_date", "home_region")
"""What the form takes from a card; the rest is only shown, so that a wrong card is noticed."""
SPOKEN: Mapping[str, tuple[str, ...]] = {
    "yes": ("sama", "sama semua", "cocok", "cocok semua"),
    "nik": ("nik",),
    "name": ("nama",),
    "birth_date": ("lahir", "tanggal", "tgl"),
    "home_region": ("alamat", "tempat tinggal"),
    "again": ("foto", "foto ulang", "foto lagi"),
}
WRONG = vocabulary("salah keliru beda bukan ganti ubah kurang")
OFFERED = {"nik": "nik_seen", "name": "name_seen", "birth_date": "birth_doubt"}
"""Where a doubtful field is kept until its own question offers it."""
SETTLED: Answers = dict.fromkeys(("ktp", "nik_doubt", "nik_odd", "nik_seen", "name_seen", "birth_doubt"))
"""What a yes puts an end to."""


# --- the picture -----------------------------------------------------------------------------------------------------


def sent(view: View, ref: str) -> Consequence | None:
    """Have a picture read that was sent where a KTP is asked for; None where it is not."""
    if not ref or view.session.case or view.session.asked not in ("nik", "ktp"):
        return None
    if not takes_photo(view):
        return Consequence(view, (Say("ktp.off"),))
    photos = int(view.answers.get("ktp_photos", 0)) + 1
    if photos > MOST_PHOTOS:
        return Consequence(view, (Say("ktp.enough"),))
    counted = view.with_answers({"ktp_photos": photos})
    reading = ReadKtp(view.person.number, ref, view.session.asking)
    return Consequence(counted, (), (reading,), Reply((Say("ktp.reading"),)))


def was_read(view: View, what: KtpRead) -> Consequence:
    """Show what was read, or say what would help; a picture for a question that is closed by now is dropped."""
    asked = view.session.asked in ("nik", "ktp") and view.session.asking == what.asking
    if not asked or view.person.number != what.person or view.session.case or not takes_photo(view):
        return Consequence(view)
    if not what.card.nik:
        return Consequence(view, (Say(f"ktp.advice.{what.advice or 'unread'}"),))
    if other := same_nik(what.card.nik, view):
        return Consequence(view, (Say("nik.used", {"other": other}),))
    shown = view.with_answers({"ktp": msgspec.to_builtins(what.card)}).having(reopened="")
    return Consequence(shown, (Say("ktp.read"),))


# --- what was read ---------------------------------------------------------------------------------------------------


class KtpCheck(Step):
    """Shows what was read and asks whether it stands on the card so; `demanded` names the data that the form needs."""

    counts = False
    typed = False

    def __init__(self, name: str, *, demanded: Callable[[View], tuple[str, ...]], **rest: Any) -> None:
        super().__init__(name, when=lambda view: name in view.answers, **rest)
        self._demanded = demanded

    def answered(self, view: View) -> bool:
        """What was read stands among the answers only until it is settled."""
        return False

    def ask(self, view: View) -> tuple[Say, ...]:
        """Every field in a line, what is doubtful marked, then the question."""
        card = card_of(view)
        lines = (Say("ktp.line", {"label": Say(f"ktp.{label}"), "text": text}) for label, text in self._lines(view))
        doubt = (Say("ktp.doubt"),) if card.doubts else ()
        return (Say("ktp.ask", {"lines": Lines(tuple(lines))}), *doubt, *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone; where the number of the phone comes next, it may be given at once."""
        return (Say("ktp.question.phone" if "phone" not in view.answers else "ktp.question"),)

    def options(self, view: View) -> tuple[Option, ...]:
        """All of it is so; a field that is wrong; another picture."""
        wrong = tuple(Option(field, Say(f"ktp.wrong.{field}")) for field in self._filled(view))
        return (Option("yes", Say("ktp.yes")), *wrong, Option("again", Say("ktp.again")))

    def fingerprint(self, view: View) -> str:
        """All that a yes would agree to."""
        return repr(card_of(view))

    def pick(self, option: str, view: View) -> Move | None:
        """Take what was read, take one field out of it, or ask for the picture anew."""
        if option == "yes":
            return self._agreed(view)
        if option == "again":
            return GoTo("nik")
        if option not in self._filled(view):
            return None
        without = msgspec.structs.replace(card_of(view), **{option: ""})
        return Answer(None, {"ktp": msgspec.to_builtins(without)}, stay=True)

    def read(self, said: Said, view: View) -> Move | None:
        """Read a yes, the name of what is wrong, or a phone number, which says yes to all above it."""
        if "phone" not in view.answers and (phone := phone_in(said, view)):
            return self._agreed(view, phone)
        text = words(said)
        if text is None or text.strip().isdecimal():
            return None  # The lines have no numbers.
        named = read_choice(text, ("yes", *self._filled(view), "again"), SPOKEN)
        if named in ("yes", "again"):
            return self.pick(named, view)
        if named:  # "nik sudah benar" names a field too.
            return self.pick(named, view) if set(text.lower().split()) & WRONG else None
        return self._agreed(view) if read_yes_no(text, view.today).value else None

    def lacks(self, answer: Answer, view: View) -> Lacking | None:
        """Whether somebody pays for this NIK must be known first."""
        nik = answer.also.get("nik")
        return FindSponsor(nik) if nik and nik not in view.facts.sponsors else None

    def _agreed(self, view: View, phone: str | None = None) -> Answer:
        """Take what is sure; a doubtful field is asked for, unless the worker gave another one before."""
        card = card_of(view)
        changes: Answers = {**SETTLED, "phone": phone or view.answers.get("phone")}
        for field in self._filled(view):
            if field not in card.doubts:
                changes[field] = getattr(card, field)
            elif field == "nik" or field not in view.answers:
                changes[OFFERED[field]] = getattr(card, field)
        taken = (Say("nik.taken", {"masked": masked(card.nik)}),) if changes.get("nik") else ()
        return Answer(None, changes, taken)

    def _filled(self, view: View) -> tuple[str, ...]:
        """The fields of the form that were read, as far as they are needed."""
        card, needed = card_of(view), self._demanded(view)
        return tuple(field for field in FIELDS if field in needed and getattr(card, field))

    def _lines(self, view: View) -> Iterator[tuple[str, object]]:
        card, needed = card_of(view), self._demanded(view)
        values: dict[str, object] = {"nik": grouped(card.nik), "name": card.name, "birth_date": _day(card)}
        if "home_region" in needed:
            home = region(card.home_region)
            values["home_region"] = home.name if home else ""
        for label, value in values.items():
            yield label, _shown(value, doubtful=label in card.doubts)
        yield from ((label, text) for label, text in (("birth_place", card.birth_place),) if text)
        yield from (("sex", Say(f"ktp.{sex}")) for sex in (card.sex,) if sex)


def card_of(view: View) -> Card:
    """What was read and is not settled yet."""
    return msgspec.convert(view.answers["ktp"], Card)


def phone_in(said: Said, view: View) -> str | None:
    """A phone number that was typed or shared."""
    text = said.phone if isinstance(said, Contact) else words(said)
    value = read_phone(text, view.today).value if text else None
    return str(value) if value else None


def _day(card: Card) -> dt.date | str:
    return dt.date.fromisoformat(card.birth_date) if card.birth_date else ""


def _shown(value: object, *, doubtful: bool) -> object:
    if not value:
        return Say("ktp.later")
    return Say("ktp.doubtful", {"text": value}) if doubtful else value
