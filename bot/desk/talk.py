"""A conversation as operators see it: both sides, what happened, notes of colleagues; numbers masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.desk.masking import masked_text
from bot.desk.pages import moment
from bot.desk.room import Room
from storage.cases.notes import Note
from storage.transcript import EVENT, JAMIN, STAFF, Line

NOTE = "note"
SHOWN = 150
"""Lines of the conversation that are shown at once; earlier ones are asked for."""


class Said(NamedTuple):
    """A line as operators see it; `words` are masked. `by` names a colleague, `reach` tells of a reply that has not
    reached the worker: "new", "sending", "held" or "dead". `sent` is the number of a line of which a picture, a voice
    or a file is kept, 0 for none."""

    id: str
    author: str
    words: str
    at: str
    by: str = ""
    reach: str = ""
    sent: int = 0


class Lines(NamedTuple):
    """What is known of lines by their number: which replies have not reached the worker, of which a file is kept."""

    reached: Mapping[int, str]
    sent: frozenset[int]


def shown(room: Room, lines: list[Line], at: Lines, notes: Iterable[Note], names: Mapping[str, str]) -> list[Said]:
    """Return lines and notes in the order in which they came to be.

    What staff said stands once, as the worker got it: in the reply that follows.
    """
    by_staff = {line.seq + 1 for line in lines if line.author == STAFF}
    said: list[Said] = []
    waiting = sorted(notes, key=lambda note: note.at, reverse=True)
    for line in lines:
        # Lines stand in their order whatever the clocks say; a note stands where its moment falls among them.
        while waiting and waiting[-1].at < line.at:
            said.append(_note(waiting.pop(), names))
        if line.author != STAFF:
            said.append(_line(room, line, line.seq in by_staff, at))
    return said + [_note(note, names) for note in reversed(waiting)]


def _line(room: Room, line: Line, is_staff: bool, at: Lines) -> Said:
    author = STAFF if is_staff and line.author == JAMIN else line.author
    reach, sent = at.reached.get(line.seq, ""), line.seq if line.seq in at.sent else 0
    return Said(f"line-{line.seq}", author, _words(room, line), moment(line.at), reach=reach, sent=sent)


def _note(note: Note, names: Mapping[str, str]) -> Said:
    return Said(f"note-{note.id}", NOTE, masked_text(note.text), moment(note.at), by=names.get(note.operator_id, ""))


def _words(room: Room, line: Line) -> str:
    if line.author == EVENT:
        return room.say(f"desk.event.{line.words}")
    # A tap on a button whose message is erased has no words left.
    return masked_text(line.words) or room.say("desk.event.tap")
