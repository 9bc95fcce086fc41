"""Which language somebody names, and which one they write in: two small word lists, nothing learned.

The lists hold words that belong to one of the languages alone: "aku" and "wis" are heard from Medan to Merauke, "kulo"
is not. A guess is only ever offered, so it may be wrong; it stays silent where two languages are equally near.
"""

from __future__ import annotations

import re

from conversations.reading.spelling import vocabulary

LANGUAGES = ("id", "en", "jv", "su")
"""The languages there are texts in; the first is what every other one falls back to."""

NAMES = {
    "id": vocabulary("indonesia indo nasional"),
    "en": vocabulary("english inggris inglis eng"),
    "jv": vocabulary("jawa jowo jawi javanese"),
    "su": vocabulary("sunda sundanese"),
}

WRITTEN = {
    "id": vocabulary(
        "saya mau tidak sudah belum bisa yang untuk bagaimana dengan sekarang berapa siapa dimana ingin kerja bayar"
    ),
    "en": vocabulary(
        "i i'm im my me you your the is are am what how when where who want need would please can cannot don't dont "
        "this that with for from and of to work job pay money insurance register accident hello thanks yes"
    ),
    "jv": vocabulary(
        "kulo kula kawulo sampeyan panjenengan njenengan ora mboten inggih nggih kepiye piye pripun sopo sinten "
        "ngendi pundi arep badhe durung dereng iki niki kuwi niku saiki sakniki gawean nyambut gawe "
        "ngarit macul menopo nopo opo dhewe piyambak wonten ono karo kalih saged iso suwun matur yo duwe gadah"
    ),
    "su": vocabulary(
        "abdi kuring sim anjeun teu henteu muhun sumuhun kumaha naon saha timana hoyong bade badé parantos atos acan "
        "ieu éta eta ayeuna ayeunana gaduh boga damel padamelan artos nuhun hatur sareng jeung pikeun kanggo "
        "sabaraha tiasa mah atuh téh nyaéta nyaeta didamel ngojeg"
    ),
}

CODES = {"in": "id", "jw": "jv"}
"""Older codes of the same languages, which phones still tell."""

FEWEST = 2
"""Different words of a language before it is guessed."""

_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def named_in(text: str) -> str:
    """Give the language that a text names ("pakai bahasa jawa"); "" for none, or for several."""
    said = set(_words(text))
    named = [code for code, names in NAMES.items() if names & said]
    return named[0] if len(named) == 1 else ""


def written_in(text: str) -> str:
    """Guess the language that a text is written in; "" where too little tells, or two are equally near."""
    said = set(_words(text))
    found = sorted(((len(words & said), code) for code, words in WRITTEN.items()), reverse=True)
    (most, code), (next_most, _) = found[0], found[1]
    return code if most >= FEWEST and most > next_most else ""


def told_by(tag: str) -> str:
    """Give the language of a tag that a messenger or a browser tells ("en-GB", "in"); "" for one we do not speak."""
    code = tag.lower().replace("_", "-").partition("-")[0]
    code = CODES.get(code, code)
    return code if code in LANGUAGES else ""


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower().replace("’", "'"))
