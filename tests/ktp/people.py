"""Invented people with numbers of valid form, as they would stand on a card."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

FIRST = {
    "LAKI-LAKI": (
        *("BUDI", "AGUS", "JOKO", "I MADE", "MUHAMMAD", "YOHANES", "ASEP", "BAMBANG", "RIZKY", "ANDI", "OKTAVIANUS"),
        *("ZULKIFLI", "QOMARUDIN", "UJANG", "HENDRIK", "LA ODE", "FX. SLAMET", "BOBBY", "DIDIK", "IQBAL"),
    ),
    "PEREMPUAN": (
        *("SITI", "SRI", "NI KADEK", "DEWI", "FATIMAH", "MARIA", "TITIN", "YULIANA", "OKTAVIA", "ENDANG", "WA ODE"),
        *("BUNGA", "IDA AYU", "ROSIDAH", "QONITA", "LILIS", "BERTHA", "ZUBAIDAH", "INDAH", "SOLIKHAH"),
    ),
}
LAST = (
    *("SANTOSO", "RAMADHAN", "SUPRIYANTO", "NURHALIZAH", "WANGGAI", "PRATIWI", "SIREGAR", "NASUTION", "HIDAYAT"),
    *("KUSUMA", "SIMANJUNTAK", "OKTAFIANI", "SOLEH", "IBRAHIM", "LESTARI", "SUBAGYO", "TUASIKAL", "RUMBIAK"),
    *("ABDULLAH", "ISKANDAR", "WIDODO", "ZAENAL", "MA'ARIF", "PUTRI", "UTAMI", "SUDIRMAN", "LUMBAN GAOL"),
)


class Home(NamedTuple):
    """Where somebody is registered: province and regency as a card's head has them, the first six digits of a NIK."""

    province: str
    regency: str
    code: str
    district: str
    village: str


HOMES = (
    Home("JAWA TIMUR", "KABUPATEN SIDOARJO", "351508", "SIDOARJO", "SIDOKARE"),
    Home("DKI JAKARTA", "JAKARTA SELATAN", "317403", "MAMPANG PRAPATAN", "BANGKA"),
    Home("BALI", "KOTA DENPASAR", "517101", "DENPASAR SELATAN", "SANUR"),
    Home("JAWA BARAT", "KOTA BANDUNG", "327301", "SUKASARI", "GEGERKALONG"),
    Home("PAPUA", "KOTA JAYAPURA", "917101", "JAYAPURA UTARA", "GURABESI"),
    Home("SUMATERA UTARA", "KOTA MEDAN", "127101", "MEDAN KOTA", "PASAR BARU"),
    Home("SULAWESI SELATAN", "KABUPATEN GOWA", "730601", "BONTONOMPO", "KATANGKA"),
    Home("JAWA TENGAH", "KABUPATEN BANYUMAS", "330201", "LUMBIR", "CIRAHAB"),
    Home("DAERAH ISTIMEWA YOGYAKARTA", "KABUPATEN SLEMAN", "340401", "GAMPING", "AMBARKETAWANG"),
    Home("NUSA TENGGARA TIMUR", "KOTA KUPANG", "537101", "ALAK", "NAMOSAIN"),
    Home("KALIMANTAN BARAT", "KABUPATEN SAMBAS", "610101", "SAMBAS", "DALAM KAUM"),
    Home("ACEH", "KOTA BANDA ACEH", "117101", "BAITURRAHMAN", "SUKARAMAI"),
)
BIRTH_PLACES = ("SIDOARJO", "JAKARTA", "DENPASAR", "BANDUNG", "JAYAPURA", "MEDAN", "GOWA", "BIREUEN", "SOLO", "KUPANG")
STREETS = ("JL. MELATI", "JL. KH. WAHID HASYIM", "DUSUN KRAJAN", "GG. MAWAR", "PERUM GRIYA ASRI BLOK", "KP. BARU")
JOBS = ("PEDAGANG", "BURUH HARIAN LEPAS", "MENGURUS RUMAH TANGGA", "NELAYAN", "PETANI/PEKEBUN", "WIRASWASTA")
FAITHS = ("ISLAM", "KRISTEN", "KATHOLIK", "HINDU", "BUDHA")
STANDINGS = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
BLOOD = ("A", "B", "AB", "O", "-")


class Person(NamedTuple):
    """Who stands on a card; `sex` as it is printed."""

    nik: str
    name: str
    birth_place: str
    birth_date: dt.date
    sex: str
    address: str
    ward: str
    home: Home
    blood: str
    faith: str
    standing: str
    job: str


def invent(dice: random.Random) -> Person:
    """Invent somebody of working age. One in fifty has a NIK whose date is not that of the card, as Dukcapil issues."""
    sex = dice.choice(tuple(FIRST))
    home = dice.choice(HOMES)
    born = dt.date(1962, 1, 1) + dt.timedelta(days=dice.randrange(44 * 365))
    hidden = born if dice.random() > 0.02 else born.replace(day=1, month=7)
    day = hidden.day + (40 if sex == "PEREMPUAN" else 0)
    return Person(
        nik=f"{home.code}{day:02}{hidden:%m%y}{dice.randint(1, 9999):04}",
        name=" ".join((dice.choice(FIRST[sex]), *dice.sample(LAST, dice.choice((0, 1, 1, 2))))),
        birth_place=dice.choice(BIRTH_PLACES),
        birth_date=born,
        sex=sex,
        address=f"{dice.choice(STREETS)} NO. {dice.randint(1, 199)}",
        ward=f"{dice.randint(1, 20):03}/{dice.randint(1, 15):03}",
        home=home,
        blood=dice.choice(BLOOD),
        faith=dice.choice(FAITHS),
        standing=dice.choice(STANDINGS),
        job=dice.choice(JOBS),
    )
