"""Chat spelling made plain: abbreviations, stretched vowels and regional words become one canonical word each.

Only words that steer a chat are known here (yes, no, help, back …); every other word passes through with doubled
letters squeezed. Readers match whole messages, so a wrong guess on one word of a longer sentence does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import eq

_LETTERS = re.compile(r"[a-z]+")


def vocabulary(spellings: str) -> frozenset[str]:
    """A table of words written as one text."""
    return frozenset(spellings.split())


_NO_VOWELS = str.maketrans("", "", "aeiou")
_RUN = re.compile(r"(.)\1+")
_YES_SOUND = re.compile(
    r"i?y+h?[aeo]+(?:[csb]*h[bh]*|u?h|k|p|ps|s|i|y)?|io[oh]*|ysh|yu[hkp]s?|iyh?|(?:he){1,2}h|he?eh|ho?oh"
)

_SPELLINGS = {
    "ya": (
        "ya iya iyo yoi yes enggih inggih nggih injih enjih njih nggeh enggeh muhun sumuhun mhn olo ae nyo enggi "
        "aok y yeah yaudah yaudahlah yowes yowis yawis yaiya iyain"
    ),
    "maju": (
        "ayo ayok hayu hayuk gas gaspol gaskeun gaskan gasken lanjut lanjutkan lanjutin lanjutken catat next "
        "kuy skuy cus laksanakan"
    ),
    "benar": "benar bener betul betol bnr leres leures tepat beutoi sahih btl tul cocok sesuai correct",
    "baik": "ok oke okay okey okeh oce okidoki sip siap baik sae woke wokeh baiklah baiq baek mangga monggo deal acc",
    "boleh": "boleh bole bisa bsa bs saged tiasa",
    "mau": "mau maw mw mo gelem hoyong purun kersa kerso pengen pengin ingin pingin hayang nio arep",
    "setuju": "setuju sepakat bersedia sanggup agree stuju",
    "bagus": "bagus cakep mantap mantul mantab",
    "sudah": "sudah udah dah udh sdh wis wes uwis tos atos parantos sampun",
    "tentu": "tentu pasti yakin sure",
    "memang": "memang emang emg mmg",
    "tidak": (
        "tidak tdk tidk tida tak gak ga nggak ngga enggak engga engg engk ndak nda gk g kagak kaga ora ogak "
        "mboten boten teu henteu moal embung alim indak tusing nenten kada kadak enjek enje no nope gag ngak "
        "ngk nga ngg tyda ogah emoh wegah nyanda trada tara dak hana daong nggk gx"
    ),
    "bukan": "bukan bkn sanes dudu udu benni",
    "jangan": "jangan jan jgn jng ojo ulah ojok",
    "belum": "belum belom blm blum dereng durung acan can blim alun",
    "kurang": "kurang krg krng",
    "nanti": "nanti ntar entar engke mengko engko nnt nti",
    "mungkin": "mungkin kali barangkali mngkin",
    "sepertinya": "sepertinya kayaknya kayanya keknya kyknya rasanya sepertine",
    "mengapa": "mengapa kenapa knp",
    "saya": "saya aku gue gua gw ane abdi kulo kula sy ak awak aing urang",
    "kamu": "kamu anda lu elo km kau",
    "bagaimana": "bagaimana gimana gmn gmna gimane piye kumaha pripun kepriye kepiye baa",
    "cara": "cara caranya carane carana caronyo caro",
    "pakai": "pakai pake pakek make menggunakan gunakan pakenya pakainya",
    "bantu": "bantu bantuan bantuin help tolong tulung tlg pertolongan tolongin",
    "bingung": "bingung bingungin lieur mumet",
    "paham": "paham faham ngerti mengerti mudeng ngarti pahm",
    "jelas": "jelas jls",
    "kembali": "kembali balik balek walik bali baliak back mundur sebelumnya wangsul mbalik tutup",
    "ulang": "ulang ulg ulangi reset restart mengulang baleni ulangan ulangin",
    "lagi": "lagi lg maneh deui meneh",
    "coba": "coba cobain cobi",
    "mulai": "mulai mulain start",
    "awal": "awal nol semula",
    "salah": "salah keliru slh kliru lepat",
    "ganti": (
        "ganti gantiin ubah rubah merubah mengubah mengganti edit koreksi perbaiki benerin betulin betulkan "
        "pindah ngubah ngganti gentos"
    ),
    "berhenti": "berhenti stop setop unsub unsubscribe quit exit keluar udahan mandeg mandek lereni brenti",
    "batal": "batal batalkan batalin cancel dibatalkan gajadi lupakan membatalkan",
    "cukup": "cukup cekap",
    "jadi": "jadi sido sida jd sios janten",
    "perlu": "usah perlu ush usa",
    "hapus": "hapus hapuskan hapusin delete apus",
    "petugas": "petugas operator cs admin customer staf staff agen",
    "orang": "orang manusia wong jalmi jelma org",
    "bicara": "bicara ngomong ngobrol chat bicaranya omong berbicara nyarios ngobrolnya curhat",
    "sambung": (
        "sambungkan sambungin hubungkan hubungin hubungi telpon telepon telp kontak tlp call panggil "
        "panggilkan panggilin nelpon terhubung disambungkan dihubungkan telfon"
    ),
    "bahasa": "bahasa basa boso bhs language",
    "status": "status progres progress",
    "cek": "cek lihat liat check ngecek mengecek",
    "daftar": "daftar daftarkan daftarin mendaftarkan mendaftar ndaftar ndaftarke ndaftarkeun daftarke",
    "terima": "terima diterima nerima trima",
    "kasih": "kasih kasi",
}
_FILLERS = vocabulary(
    "kak kaka ka kakak bang abang mas mbak mba pak bu bapak ibu bpk min mimin gan sis bro dong deh dech lah "
    "sih kok nih ni tuh toh ta loh lho halo hai hi mah atuh euy rek cak teh om tante aja saja wae bae "
    "banget bgt sekali pisan tenan oh eh hm hem em nah punten maaf mohon please pls terimakasih makasih "
    "maksih mksh thanks thx tks trims thank you nuhun suwun jamin boss bos say dek pun tah thnks "
    "tengkyu matursuwun ajah"
)
_MANY = 8
# Everyday words one slip away from a steering word, which they are not.
_LOOKALIKES = vocabulary(
    "salam salat salak saleh malam semua bulan susah harus tempat batu batas batuk bantal cacat kotak bahas "
    "basah kelar botol beton belut bukit bilik balok balai kurung karang mulia mulut pasta sebar sabar besar "
    "benda utang ulung tetap tiada buka bantah berita setan setia jarang jalan sambal sambil orange oranye "
    "siapa mana mantan kurir kurus"
)
_THANKS = re.compile(r"\b(?:t(?:e?ri|r)ma *kasi?h?|matur *(?:nuwun|suwun)|hatur *nuhun|tarimo *kasi(?:h|ah))\b")


def squeeze(word: str) -> str:
    """The word with every run of one letter made single: "iyaaa" and "ngggak" become "iya" and "ngak"."""
    # Most words have none, which comparing letters tells several times faster than the substitution.
    return _RUN.sub(r"\1", word) if any(map(eq, word, word[1:])) else word


_CANONICAL = {squeeze(spelling): word for word, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_FILLER = frozenset(map(squeeze, _FILLERS))


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}


def _index(forms: Callable[[str], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for known in _CANONICAL:
        for form in forms(known) if len(known) > 4 else ():
            found[form] = (*found.get(form, ()), known)
    return found


def _bones(word: str) -> str:
    """The first letter and the consonants after it, which is what an abbreviation keeps."""
    return word[0] + word[1:].translate(_NO_VOWELS)


# Longer spellings under the forms that a slip or an abbreviation may leave, so that a guess costs a few look-ups.
_BY_SLIP = _index(lambda known: {known} | _without_one(known))
_BY_BONES = _index(lambda known: {_bones(known)} | _without_one(_bones(known)))
_SLIPS = _BY_SLIP.keys()


def words(text: str) -> tuple[str, ...]:
    """The words of a message as they stand: lower case, letters only, apostrophes dropped."""
    return tuple(_LETTERS.findall(text.lower().replace("'", "").replace("’", "").replace("`", "")))


@lru_cache(maxsize=512)
def canonical(word: str) -> str:
    """The one spelling of a steering word, or the word itself with doubled letters squeezed."""
    short = squeeze(word)
    found = _CANONICAL.get(short)
    if found or short in _FILLER:
        return found or short
    stem = short[:-3] if short.endswith(("nya", "lah")) else short
    if stem in _CANONICAL:
        return _CANONICAL[stem]
    if _YES_SOUND.fullmatch(stem):
        return "ya"
    return _guess(short)


def steers(word: str) -> bool:
    """Whether a word is a steering word or a particle in a known spelling; slips are not guessed."""
    short = squeeze(word)
    return short in _CANONICAL or short in _FILLER or _YES_SOUND.fullmatch(short) is not None


def plain(text: str) -> tuple[str, ...]:
    """The canonical words of a message without address, thanks and particles: "iyaa kak" becomes ("ya",).

    Longer messages are talk, no command and no bare answer; their words come back as they are.
    """
    return tuple(plainly(text))


def plainly(text: str) -> Iterator[str]:
    """Give the words of `plain` one by one, for who may have heard enough before the last."""
    said = words(_THANKS.sub(" ", text.lower()))
    if len(said) > _MANY:
        return iter(said)
    return (c for w in said if (c := canonical(w)) not in _FILLER)


def _guess(short: str) -> str:
    if not 3 <= len(short) <= 12 or short in _LOOKALIKES:
        return short
    found = next((known for known in _BY_BONES.get(_bones(short), ()) if _abbreviates(short, known)), None)
    if not found and len(short) > 3:
        near = (known for form in (short, *sorted(_SLIPS & _without_one(short))) for known in _BY_SLIP.get(form, ()))
        found = next((known for known in near if _one_slip(short, known)), None)
    return _CANONICAL[found] if found else short


def _abbreviates(short: str, known: str) -> bool:
    """Whether vowels (and little else) were left out: "jgn" of "jangan", "kmbali" of "kembali"."""
    if short[-1] != known[-1] or not len(known) <= 2 * len(short) <= 2 * len(known):
        return False
    if _bones(short) == _bones(known) and len(known) > 5:
        return True
    if len(short) < 4 and _bones(short) != _bones(known):
        return False
    rest = iter(known)
    return all(letter in rest for letter in short)


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter was mistyped, missed, added or swapped with its neighbour."""
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]
