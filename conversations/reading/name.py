"""A person's name as it stands on the KTP: one word or many, with titles, clans, initials and apostrophes.

No list of names could hold all of Indonesia, so a text is a name unless it shows that it is something else: a sign or
digit, a word that only sentences have, or nothing but chat words.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from conversations.reading.question import is_question
from conversations.reading.reading import Reading
from conversations.reading.spelling import canonical, squeeze, steers, vocabulary, words

_LONGEST = 80
_MOST_WORDS = 9
_LEAD = re.compile(
    r"""^(?:(?:per)?kenal(?:kan|in)?[,.\ ]+)?
    (?:(?:nama|jeneng|ngaran|wasta|asma)(?:e|na|nya|ku)?
        (?:\ (?:lengkap|asli|di\ ktp|sesuai\ ktp|panggilan|itu|saya|aku|gue|gua|ku|kulo|abdi|ane|sy))*
      |(?:saya|aku|sy|gue|kulo|abdi|ane)(?:\ bernama|\ namanya)?
      |panggil(?:\ saja|\ aja)?(?:\ saya|\ aku)?
      |my\ name\ is|i\ am)
    (?:\ adalah|\ ialah|\ yaitu|\ iku|\ teh)?\s*[:,=]?\s+(?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_GREETING = re.compile(
    r"^(?:(?:halo|hallo|hai|hi|oh|oke|ok|iya|ya|siap|baik)(?: (?:kak|pak|bu|min|mas|mbak))?\b[,. ]+)+(?=\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,.]+(?:kak|kaka|ka|min|mimin|kakak|gan|ya|kk|mbak|bang)[\s,.]*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’`ʼ.\-][^\W\d_]+)*['’`ʼ]?[.,]{0,2}")
_SCRIBBLE = re.compile(
    r"(.)\1\1|[bcdfghjklmnpqrstvwxz]{6}|(?:wk){2}|^h[aei]h[aei](?:h[aei])*h?$|^(?:xi){2}|^hm+$|^as+d+f|^qwe|^te?st?$"
)
# Messengers make a link of these, which would stand in what we tell others.
_LINK = re.compile(
    r"[^\W\d_]{3,}\.(?:[^\W\d_]+\.)*"
    r"(?:com|net|org|id|ly|me|co|to|xyz|info|top|link|site|shop|store|online|click|live|app|web|club|vip)\.?$"
)
# Beginnings and endings that no name has: nasals and a few pairs may open a name (Mbah, Ngadiman, Krisna, Djoko).
_UNSPEAKABLE = re.compile(
    r"^(?!m[bp]|n[dgjty]|[bdfgkpst]r|[bfgkps]l|d[jwh]|[cgkst]h|s[mnptwyk]|t[jw]|kw|ps|wr)[^aeiouy]{2}|([^aeiou])\1$"
)
_VOWEL = re.compile(r"[aeiouy]")
_LETTERS = re.compile(r"[^\W\d_]+")
# Words that sentences have and names don't.
_NEVER_WORDS = vocabulary(
    "tidak tdk gak ga nggak ngga enggak engga gk kagak ndak mboten ora teu henteu bukan bkn jangan jgn belum "
    "belom blm sudah udah udh saya aku kamu anda kami kita dia mereka yang yg untuk utk dengan dgn karena krn "
    "kalau kalo klo dan atau dari pada adalah ini itu tahu tau lupa rahasia privasi penting dulu dlu aja saja "
    "banget bgt sekali lagi kerja narik harus perlu pakai pake buat bisa boleh gimana bagaimana apa apaan "
    "siapa kenapa mengapa berapa kapan dimana kemana nanya tanya nanti besok males malas takut ribet sibuk "
    "dong deh sih nih tuh kok gitu begitu sama kayak juga masih akan sedang cuma hanya banyak orang daftar "
    "jadi minta kasih batal stop kembali bantuan bantu help berhenti ulang petugas operator status bahasa "
    "menu lanjut start salah ganti ubah hapus cek nomor nomer hp ktp nik bpjs uang bayar iuran rupiah juta "
    "ribu gaji bulan tahun lahir alamat rumah umur kartu data isi select drop table from users null none "
    "undefined script alert piye kumaha opo naon wae bae lho loh ogah emoh mau mo pengen ingin tukang jualan "
    "dagang ojek ojol sopir supir petani nelayan buruh pedagang warung gojek grab karo marang kanggo pisan "
    "wis uwis kulo engkok jeung sareng yaiku nyaeta kuwi di ke ka rebu ratus puluh belas sejuta seratus "
    "seribu ceban goceng seceng noceng cepek gopek ceng sebenernya sekarang semoga smoga kayaknya tapi tp "
    "suka benci setuju penipu penipuan bohong anjing bangsat goblok bodoh kontol memek asu jancok "
    "piro regane pira regine wes kesel ngantos heula tiyang wonten sampeyan kowe durung dereng badhe arep turu mangan "
    "omah ngko mengko ngartos hartos acan atos anjeun maneh hujan ujan deras lapar laper haus macet mogok capek cape "
    "hadeh haduh astaga astagfirullah seperti kayak biasa makan minum mandi tidur pulang berangkat sakit pusing lelah "
    "bosan kesal marah sedih keliru rusak hilang habis motor mobil hape pulsa sinyal kuota panas dingin banjir"
)
_NEVER = frozenset(map(squeeze, _NEVER_WORDS))
# Words that are no name alone or among themselves, though part of one they may be.
_CHAT_WORDS = vocabulary(
    "ya iya iyo yo yes ok oke okay siap sip betul benar bener baik no ibu bapak bpk pak bu kak kakak mas mbak "
    "abang bang adik adek istri suami anak nenek kakek om tante ayah emak bunda halo hai hi hello "
    "assalamualaikum assalamu alaikum asalamualaikum waalaikumsalam permisi punten selamat pagi siang sore "
    "malam terima makasih terimakasih thanks thank you tes test nama namanya lengkap panggilan admin min bot "
    "robot jamin ada oh eh ah hm hmm hehe haha tolong maaf sabar sebentar bentar tunggu skip lewat inggih "
    "nggih muhun njih mangga monggo hayu kosong anonim anonymous hamba allah allahumma gausah bday tuhan "
    "samaran sendiri teman keluarga hay hy met salam syalom helo asalam aslm invalid konfirmasi confirm "
    "command comand tutorial perintah bingung umr pego abcdefg ampun ngerti mengerti paham bersedia sob heloo "
    "blm thn gas tepat faham menarik gagal wajah nti nantik x xx p q bro sis gan boss bos cuk woi woy oi heh "
    "waduh aduh wah yah sesuai kang teh sek ibuk"
)
_CHAT = frozenset(map(squeeze, _CHAT_WORDS))
# Names that are spelled like a steering word.
_ALSO_NAMES = vocabulary("bagus hana alim ayo can jan leres olo tul mulia kali rasa tante sing")
_AS_SENTENCE = re.compile(r"\w{4,}ny[ao]$|\w{5,}kan$|l[ae][iy]?kum$|^asal?am")
_AFTER_COMMA = re.compile(r",(?!\s*(?:\S*\.|[A-Za-z]{2,4}\b))")


def read_name(text: str, today: dt.date) -> Reading:
    """The name with single spaces; words in one case only are given capitals, except initials and degrees.

    Problems: "empty", "question", "too_long", "not_a_name".
    """
    if not text.strip():
        return Reading(problem="empty")
    if len(text) > _LONGEST:
        return Reading(problem="too_long")
    said = unicodedata.normalize("NFC", text)
    bare = _bare(said)
    if _is_name(bare) and not _only_steers(said):
        return Reading(value=_spelled(bare))
    return Reading(problem="question" if is_question(said) else "not_a_name")


def _bare(text: str) -> str:
    """The text without "halo, nama saya …" before and "… kak" after."""
    said, before = text.strip(), ""
    while said != before:
        before = said
        for opening in (_GREETING, _LEAD):
            # Matching once is several times faster than a substitution, which looks everywhere.
            if found := opening.match(said):
                said = said[found.end() :]
        said = _TAIL.sub("", said)
    return " ".join(said.split())


def _is_name(said: str) -> bool:
    parts = said.split()
    if not 1 <= len(parts) <= _MOST_WORDS or not all(_WORD.fullmatch(part) for part in parts):
        return False
    if any(_LINK.match(part.lower()) for part in parts):
        return False
    if _AFTER_COMMA.search(said) or (len(parts) > 4 and " ".join(parts[1:]).islower() and parts[0].istitle()):
        return False
    low = [squeeze(word.lower()) for word in _LETTERS.findall(said)]
    typed = _LETTERS.findall(said.lower())
    if not _has_sound(low) or _is_talk(low) or all(map(_is_slip, typed)):
        return False
    return not any(map(_SCRIBBLE.search, typed))


def _has_sound(low: list[str]) -> bool:
    return max(map(len, low)) > 1 and any(_VOWEL.search(word) or not word.isascii() for word in low)


def _only_steers(said: str) -> bool:
    """Whether a longer text is made of steering words alone, as "iya kali" is."""
    low = words(said)
    return len(low) > 1 and all(map(steers, low))


def _is_slip(word: str) -> bool:
    """Whether a word is a mistyped steering word that nobody could be called: "bnerr", "kmbali"."""
    return _UNSPEAKABLE.search(word) is not None and not steers(word) and canonical(word) != squeeze(word)


def _is_talk(low: list[str]) -> bool:
    if not _NEVER.isdisjoint(low) or _CHAT.issuperset(low) or any(map(_AS_SENTENCE.search, low)):
        return True
    return _ALSO_NAMES.isdisjoint(low) and all(steers(word) or word in _CHAT for word in low)


def _spelled(said: str) -> str:
    if said.islower() or (said.isupper() and len(said) > 3):
        return " ".join(map(_capital, said.split()))
    return said


def _capital(part: str) -> str:
    """ "SITI" and "siti" become "Siti"; initials and degrees ("S.PD", "KH.") stay, "ra'uf" keeps its small u."""
    if part.isupper() and ("." in part or len(part.rstrip(",")) < 3):
        return part
    if "." in part.rstrip("."):
        return ".".join(piece.capitalize() for piece in part.split("."))
    return "-".join(piece.capitalize() for piece in part.split("-"))
