"""Whether somebody asks instead of answering; cheap, so that every text can be tried."""

from __future__ import annotations

import re

from conversations.reading.spelling import canonical, plain, vocabulary, words

_ASKING = vocabulary(
    "apakah apaan siapa siapakah kapan kenapa mengapa knp gimana bagaimana gmn gmna gimane piye kumaha pripun "
    "kepriye kepiye berapa brp brapa berapaan pira piro sabaraha bara mana dimana dmn dmna kemana kmn kmna "
    "darimana naon saha iraha kunaon naha opo ngopo apo saiki_ emangnya maksudnya bedanya syaratnya caranya "
    "carane carana gunanya manfaatnya fungsinya what how why who when where"
)
_OPENING = vocabulary(
    "apa kalo kalau klo klw kl kalu nek mun umpama misal misalnya seandainya emang memang emg boleh bolehkah "
    "bisakah adakah tanya nanya cara syarat beda"
)
_NAMING = frozenset({"tanya", "nanya", "nanyain", "bertanya", "tanyakan", "takon", "tumaros", "naros"})
_OPEN_LISTS = frozenset({"aja", "saja", "sajalah", "wae"})
_TAGS = frozenset({"tidak", "bukan", "belum"})
_CLAUSE = re.compile(r"[^,.;!?\n]+\??")
_AS_NAME = frozenset({"bara", "apo", "mana", "what", "naha"})


def is_question(text: str) -> bool:
    """Whether a text looks like a question: a question mark, a question word or "… bisa ga".

    Ordinary answers are not: names, jobs ("jualan apa aja"), amounts, "gak apa-apa" and a bare "tidak".
    """
    if "?" in text:
        return True
    said = words(text)
    if len(said) < 2:
        return bool(said) and said[0] in _ASKING and said[0] not in _AS_NAME
    if said[0] in _OPENING or not _ASKING.isdisjoint(said) or not _NAMING.isdisjoint(said):
        return True
    return _asks_what(said) or _ends_in_tag(text, said)


def told(text: str) -> str:
    """Return what a text says besides its questions: "tiga, emang bayarnya berapa?" tells "tiga"."""
    if not is_question(text):
        return text
    return ",".join(clause for clause in _CLAUSE.findall(text) if not is_question(clause.strip())).strip()


def _asks_what(said: tuple[str, ...]) -> bool:
    places = [i for i, word in enumerate(said) if word == "apa"]
    if len(places) != 1:
        return False
    before, after = said[: places[0]], said[places[0] + 1 :]
    return canonical(before[-1]) != "tidak" and not (after and after[0] in _OPEN_LISTS)


def _ends_in_tag(text: str, said: tuple[str, ...]) -> bool:
    """Whether "… ga", "… bukan" or "… belum" closes the sentence: "petani bisa ikut gak"."""
    if text[-1].isdigit() or (canonical(said[-1]) not in _TAGS and said[-1] not in {"ya", "kak", "min", "mas"}):
        return False
    core = plain(text)
    return len(core) > 1 and core[-1] in _TAGS and core[0] not in _TAGS | {"saya", "sepertinya", "ya"}
