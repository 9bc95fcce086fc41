"""The words that work everywhere: help, back, restart, operator, stop, status, language, person.

A message is a command only when *all* its words belong to one way of saying it, so that a story which merely contains
"stop" or "kembali" is left alone. `WAYS` is the table; its words are the canonical ones of `spelling.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from conversations.reading.reading import Reading
from conversations.reading.spelling import plainly, squeeze

_LONGEST = 80
_SIGNS = {"0": "stop", "❓": "help", "🆘": "help"}
_FIELDS = (
    "nama no nomor nomer hp hape wa nik ktp alamat tanggal tgl lahir data pekerjaan kerjaan penghasilan gaji "
    "umur usia email isi "
    "jawaban ketik tulis input pilih pilihan pencet kota tadi kemarin kmrn yang yg maksud"
)
_KIN = (
    "istri suami ibunya ayah emak mama anak adik kakek nenek teman tetangga mertua saudara keluarga ortu orang "
    "peserta bojo bini "
    "berikutnya selanjutnya"
)
_TONGUES = "indonesia inggris english inglis jawa jowo sunda madura minang padang melayu daerah"


class Way(NamedTuple):
    """One way of saying `command`: a word out of each set of `needs`, and beside them only words of `beside`."""

    command: str
    needs: tuple[frozenset[str], ...]
    beside: frozenset[str]

    def says(self, said: frozenset[str]) -> bool:
        """Whether the words of a message are this way."""
        if any(need.isdisjoint(said) for need in self.needs):
            return False
        return self.beside.issuperset(said.difference(*self.needs))


def _set(words: str) -> frozenset[str]:
    return frozenset(map(squeeze, words.split()))


def _way(command: str, *needs: str, beside: str = "") -> Way:
    return Way(command, tuple(map(_set, needs)), _set("saya mau minta ini itu dulu sudah lagi coba nya " + beside))


# The first way that fits wins: "ganti bahasa" and "ganti orang" come before the general "ganti …".
WAYS = (
    _way("language", "bahasa", beside=f"ganti pakai pilih ke lain bicara change {_TONGUES}"),
    _way("language", "english inglis", beside="in version"),
    _way("language", "ganti pakai bicara", _TONGUES, beside="ke"),
    _way("person", "ganti daftar untuk buat tambah", _KIN, beside="ke lain juga data untuk buat maju dia tua"),
    _way("person", "lain berikutnya", "orang peserta", beside="untuk buat"),
    _way("person", "change", "person"),
    _way(
        "operator",
        "petugas orang",
        beside="perlu butuh panggil ada bicara sambung ketemu bertemu tanya dibantu bantu sama dengan "
        "dgn ke karo jeung sareng jo bik ku oleh langsung service care asli beneran bpjs yang",
    ),
    _way("operator", "sambung", beside="bantu ke kami nomor nomer no langsung kembali center"),
    _way("operator", "live", "bicara"),
    _way(
        "status",
        "status",
        beside="cek tanya ku pendaftaran daftar kepesertaan peserta pengajuan bagaimana aktif bpjs "
        "pembayaran proses data kartu terakhir sekarang",
    ),
    _way("status", "cek", "pendaftaran kepesertaan proses pengajuan keanggotaan", beside="sekarang"),
    _way(
        "status",
        "sudah",
        "sampai sampe nyampe tekan dugi",
        "mana ngendi dimana",
        beside="di prosesnya proses pendaftaran pendaftarannya pengajuan data daftar sekarang",
    ),
    _way(
        "status",
        "proses pendaftaran pengajuan prosesnya pendaftarannya",
        "sampai sampe nyampe",
        "mana dimana",
        beside="di",
    ),
    _way("status", "sudah", "terdaftar kedaftar aktif", "belum tidak", beside="peserta"),
    _way("restart", "ulang", beside="rekam mulai dari awal ke semua semuanya pendaftaran chat percakapan"),
    _way("restart", "coba", "lagi"),
    _way("restart", "mulai", "lagi awal baru", beside="dari"),
    _way("restart", "dari", "awal", beside="mulai"),
    _way("stop", "tidak belum", "jadi perlu", beside="daftar ikut maju ah"),
    _way("stop", "tidak", "maju ikut", beside="daftar"),
    _way(
        "stop",
        "batal berhenti cukup",
        beside="daftar pendaftaran ikut semua chat sampai sampe sini disini kirim langganan pesan promo "
        "proses semuanya",
    ),
    _way(
        "stop",
        "hapus",
        beside="bantu semua data chat akun semuanya nomor nomer datanya dataku riwayat percakapan pendaftaran",
    ),
    _way("stop", "sudah", "ah"),
    _way("stop", "jangan", "bicara sambung kirim wa ganggu maju", beside="pesan promo"),
    _way("stop", "selesai end bye"),
    _way(
        "help",
        "bantu tutorial perintah panduan petunjuk comand maksud info informasi",
        beside="perlu butuh jelas jelaskan jelasin arahan bagaimana cara",
    ),
    _way(
        "help",
        "cara bagaimana",
        beside="pakai daftar isi ngisi mendaftar penggunaan main kerja jawab terus lalu maksud",
    ),
    _way(
        "help",
        "tidak belum kurang",
        "paham jelas",
        beside="masih sama terlalu begitu boleh cara maksud pakai isi ngisi daftar bahasa yang",
    ),
    _way("help", "bingung", beside="masih cara sama bagaimana pakai isi jawab"),
    _way("help", "boleh", "apa ngapain", beside="kamu bantu"),
    _way(
        "back", "kembali", beside="ke awal menu utama sebelum yang yg tadi pertanyaan langkah satu atas halaman depan"
    ),
    _way("back", "menu", beside="ke awal utama"),
    _way("back", "awal", beside="ke"),
    _way("back", "undo"),
    _way("back", "salah ganti typo", beside=f"{_FIELDS} wah aduh waduh ada"),
)
_BY_WORD: dict[str, tuple[int, ...]] = {}
for _place, _each in enumerate(WAYS):
    for _word in _each.needs[0]:
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _place)
_KNOWN = frozenset().union(*(way.beside.union(*way.needs) for way in WAYS))
"""One other word, and a message is no command."""


def read_word(text: str, today: dt.date) -> Reading:
    """The name of the global command the message is, or nothing; `problem` is "empty" for a blank message."""
    if len(text) > _LONGEST:
        return Reading()
    bare = text.strip().lstrip("/")
    if not bare:
        return Reading() if text.strip() else Reading(problem="empty")
    if bare in _SIGNS:
        return Reading(value=_SIGNS[bare])
    if not bare.strip("?¿ "):
        return Reading(value="help")
    return Reading(value=_command(plainly(bare)))


def _command(heard: Iterable[str]) -> str | None:
    said: set[str] = set()
    for word in heard:
        if word not in _KNOWN:
            return None
        said.add(word)
    places = {place for word in said for place in _BY_WORD.get(word, ())}
    return next((WAYS[place].command for place in sorted(places) if WAYS[place].says(frozenset(said))), None)
