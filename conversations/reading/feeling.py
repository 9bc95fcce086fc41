"""Whether somebody is in distress, insults us or loses patience, so that the right tone and a person follow.

Distress is what happened to the writer or their own people just now. What might happen ("kalau suami saya meninggal
dapat apa?"), what was long ago and what happened to strangers is talk about it, not distress.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from conversations.reading.question import is_question
from conversations.reading.reading import Reading
from conversations.reading.spelling import squeeze, vocabulary, words

_LONGEST = 300
_MOST_WORDS_OF_ANGER = 8

_OWN = (
    r"(?:(?:suami|istri|isteri|bini|bojo|laki|bapak|bapa|bpk|ayah|abah|ibu|emak|mama|mamak|umi|papa|orang tua|ortu"
    r"|mertua|anak|kakak|abang|adik|adek|saudara|keponakan|paman|bibi|nenek|kakek|tetangga|teman|kawan|rekan)\w{0,3}"
    r"(?: (?:saya|aku|sy|ku|gue|gw|kulo|abdi|kami|kita))?)"
)
_SELF = r"(?:saya|aku|sy|gue|gw|gua|kulo|abdi|ane)"
_JUST = (
    r"(?:(?:baru|barusan|tadi|kemarin|kmrn|semalam|habis|abis|hbs|pagi|siang|malam|ini|td|nembe|wau|mau|lagi|br) ?)"
    r"{0,4}"
)
_DIED = r"(?:meninggal|mninggal|meningal|wafat|tiada|berpulang|tewas|sedo|seda|pejah|pupus|maot|ngantunkeun|mati)"
_HURT = (
    r"(?:kecelakaan|kclakaan|kecelakan|celaka|tabrakan|ketabrak|ditabrak|ketubruk|terjatuh|jatuh|jatoh|kesetrum"
    r"|tersetrum|tertimpa|ketiban|terluka|luka parah|patah|kebakaran|dibegal|masuk igd|masuk ugd|dirawat|koma)"
)
_BEREAVED = re.compile(
    rf"\b{_OWN} {_JUST}{_DIED}\b|\bdi ?tinggal (?:mati|wafat|meninggal)\b|\bsaya (?:lagi )?berduka\b"
)
_INJURED = re.compile(rf"\b(?:{_SELF}|{_OWN}) {_JUST}{_HURT}\b|\b(?:barusan|baru saja|baru aja) {_JUST}{_HURT}\b")
_RECENT = re.compile(
    r"\b(?:baru|barusan|baru saja|tadi|kemarin|kmrn|semalam|habis|abis|hari ini|pagi ini|sekarang|igd|ugd)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:kalau|kalo|klo|kl|klu|jika|bila|apabila|misal\w*|umpama|seandainya|andai\w*|nek|yen|lamun|mun|upami|takut"
    r"|tahun lalu|dulu|dahulu|sejak|bertahun|pernah|belum pernah|19\d\d|20\d\d|sinetron|film\w*|berita\w*"
    r"|jatuh (?:cinta|tempo|harga|bangun|miskin|hati|sakit hati)|patah (?:hati|semangat|arang))\b"
)


def _squeezed(said: Iterable[str]) -> frozenset[str]:
    """Words without doubled letters, so that "lamaaa" is "lama"."""
    return frozenset(map(squeeze, said))


def _vocabulary(spellings: str) -> frozenset[str]:
    return _squeezed(vocabulary(spellings))


_SWEARING = _vocabulary(
    "goblok goblog tolol bangsat bajingan brengsek jancok jancuk cok kontol memek ngentot kampret keparat tai taik "
    "bacot ndasmu matamu gathel pantek kimak pukimak bgst"
)
_ROUGH = _SWEARING | _vocabulary("anjing anjg asu babi monyet setan iblis bodoh bego dungu sialan sampah busuk laknat")
_ONLY_ROUGH = _ROUGH | _vocabulary(
    "dasar bot robot mesin kamu kau lu lo elu elo kalian anda bpjs jamin ini itu memang emang banget bgt sekali amat "
    "lah sih ya ah kok woy woi hei si nih tuh semua petugas admin min cs aplikasi chat sistem orang"
)
_HASTE = _vocabulary(
    "lama lelet lemot lambat lelah capek cape pegal ribet rumit susah males malas bosan bosen suwe lila cepat cepetan "
    "buru buruan buruin muter"
)
_ONLY_HASTE = _HASTE | _vocabulary(
    "banget bgt sekali amat kok sih ya ah dong kak min nih deh lah aja saja tanya nanya pertanyaan pertanyaannya "
    "banyak kebanyakan terlalu prosesnya daftarnya ini itu isi ngisi jadi saya aku gue woy woi lagi terus mulu mutar "
    "mulai udah sudah masih bikin gini begini tolong bisa ga gak tidak"
)

_TELLING = _ROUGH | _HASTE | _squeezed(words(_DIED + _HURT)) | _vocabulary("ditinggal tinggal berduka")
"""Nearly every message has none of these, and is left alone at once."""


def read_feeling(text: str, today: dt.date) -> Reading:
    """The feeling a message shows: "bereaved", "hurt", "insult" or "impatience"; nothing for any other message."""
    if not text.strip() or len(text) > _LONGEST:
        return Reading()
    said = words(text)
    if _TELLING.isdisjoint(_squeezed(said)):
        return Reading()
    feeling = _distress(text, " ".join(said)) or _anger(said)
    return Reading(value=None if feeling == "impatience" and is_question(text) else feeling)


def _distress(text: str, said: str) -> str | None:
    felt = "bereaved" if _BEREAVED.search(said) else "hurt" if _INJURED.search(said) else None
    if felt is None or _NOT_NOW.search(text.lower()):
        return None
    return felt if _RECENT.search(said) or not is_question(text) else None


def _anger(said: tuple[str, ...]) -> str | None:
    short = _squeezed(said)
    if not said or len(said) > _MOST_WORDS_OF_ANGER:
        return None
    if not _SWEARING.isdisjoint(short) or (not _ROUGH.isdisjoint(short) and short <= _ONLY_ROUGH):
        return "insult"
    return "impatience" if not _HASTE.isdisjoint(short) and short <= _ONLY_HASTE else None
