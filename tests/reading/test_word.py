"""Global commands."""

import datetime as dt

import pytest

from conversations.reading.reading import Reading
from conversations.reading.word import read_word

TODAY = dt.date(2026, 11, 21)
SAID = {
    "help": "bantuan|tolong dong kak|saya bingung|gak paham kak|piye carane|gimana cara daftarnya|bntuan|?|/help",
    "back": "kembali|balik ke menu|menu utama|eh salah|mau ubah alamat|nik salah|kmbli",
    "restart": "ulang dari awal|mulai lagi|coba lagi|reset",
    "operator": "petugas|mau ngomong sama orang|sambungin ke cs|tolong hubungi saya|pengen ngobrol karo wong",
    "stop": "berhenti|gak jadi|udah ah|ora sido|hapus semua data saya|jangan wa saya lagi|ga perlu|0",
    "status": "status|cek status saya|udah sampai mana?|sudah terdaftar belum",
    "language": "ganti bahasa|pakai bahasa sunda|english please",
    "person": "ganti orang|daftarin istri saya|untuk orang lain",
}


@pytest.mark.parametrize(
    ("command", "text"), [(command, text) for command, said in SAID.items() for text in said.split("|")]
)
def test_a_command_is_known_in_the_ways_people_say_it(command: str, text: str) -> None:
    """Every command is understood plain, colloquial, regional and misspelt."""
    assert read_word(text, TODAY) == Reading(command)


@pytest.mark.parametrize(
    "text",
    [
        "ga jadi batal",
        "jangan berhenti",
        "kamu manusia?",
        "saya mau daftar",
        "lanjut",
        "oke",
        "gak tau",
        "salam",
        "tukang bubur naik haji sudah stop produksi",
        "sudah kembali dari pasar",
        "Siti Aminah",
        "1,5jt",
        "/start",
        "/",
    ],
)
def test_other_talk_is_no_command(text: str) -> None:
    """Answers, chatter and denied commands are left alone."""
    assert read_word(text, TODAY) == Reading()
