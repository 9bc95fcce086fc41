"""The phrases that are a global word of ours, whole as people type them; other words are read in `reading/word.py`."""

from __future__ import annotations

OWN_PHRASES = {
    "erase": ("hapus data", "hapus data saya", "hapus semua data", "hapus semua data saya", "hapus dataku"),
    "my_data": ("data saya", "lihat data", "lihat data saya", "dataku", "cek data saya"),
    "stop": ("nanti", "nanti ya", "nanti saja", "nanti aja", "besok", "besok aja", "besok saja", "lain kali"),
    "resume": ("lanjut", "lanjutkan", "lanjut daftar", "terus"),
    "menu": ("menu",),
    "withdraw": (
        *("cabut persetujuan", "cabut izin", "cabut setuju", "batal setuju", "tarik persetujuan", "tarik izin"),
        *("saya cabut persetujuan", "saya mau cabut persetujuan", "saya mau cabut izin", "saya batal setuju"),
    ),
    "decline": ("tanpa agen", "bukan lewat agen", "daftar sendiri tanpa agen", "saya tidak lewat agen", "hapus agen"),
    "agency": ("agen", "jadi agen", "mau jadi agen", "saya mau jadi agen", "menu agen", "daftar agen", "perisai"),
    "pay": (
        *("bayar", "mau bayar", "bayar iuran", "mau bayar iuran", "bayar sekarang", "bayar lagi", "bayar dong"),
        *("perpanjang", "perpanjang iuran", "minta kode bayar", "kode bayar", "kode bayar baru", "lanjut bayar"),
        *("aktifkan lagi", "mau aktif lagi", "mau aktifkan lagi", "bayar tunggakan"),
    ),
    "card": (
        *("kartu", "kartu saya", "minta kartu", "lihat kartu", "kartu peserta", "kartu digital", "mana kartunya"),
        *("bukti status", "bukti kepesertaan", "bukti peserta", "minta bukti"),
    ),
    "family": (
        *("keluarga dapat apa", "keluarga saya dapat apa", "keluarga dapat berapa", "keluarga saya dapat berapa"),
        *("manfaat saya", "manfaat keluarga", "hak keluarga", "hak keluarga saya"),
    ),
    "claim": (
        *("klaim", "mau klaim", "ajukan klaim", "mau ajukan klaim", "lapor kecelakaan", "lapor kecelakaan kerja"),
        *("lapor kematian", "lapor meninggal", "mau lapor kecelakaan", "mau lapor kematian"),
    ),
    "complaint": (
        *("keluhan", "ada keluhan", "mau mengeluh", "komplain", "mau komplain", "pengaduan", "mau mengadu", "mengadu"),
        *("lapor keluhan", "mau protes", "sampaikan keluhan", "saya ada keluhan", "saya mau komplain", "mau ngadu"),
        *("saya mau mengadu", "saya mau ngadu"),
    ),
    "register_workers": (
        *("daftarkan karyawan", "daftarkan karyawan saya", "mau daftarkan karyawan", "saya mau daftarkan karyawan"),
        *("daftarin karyawan", "daftarin karyawan saya", "mau daftarin karyawan", "saya mau daftarin karyawan"),
        *("daftarkan pekerja saya", "mau daftarkan pekerja saya", "daftarin pegawai saya", "daftarkan anak buah saya"),
    ),
    "remind_tomorrow": ("ingatkan besok", "ingatkan lagi besok", "besok ingatkan", "besok ingatkan lagi"),
    "remind_stop": (
        *("stop pengingat", "jangan ingatkan", "jangan ingatkan lagi", "berhenti ingatkan", "matikan pengingat"),
        *("gak usah diingatkan", "tidak usah diingatkan", "ga usah diingatkan"),
    ),
    "news_stop": (
        *("stop promo", "stop info", "stop kabar", "stop siaran", "berhenti promo", "jangan kirim promo"),
        *("jangan kirim info lagi", "jangan kirim kabar lagi", "gak usah kirim promo", "berhenti kirim info"),
    ),
    "remind_on": ("ingatkan saya", "ingatkan bayar", "tolong ingatkan", "nyalakan pengingat", "mau diingatkan"),
    "terms": ("ganti paket", "ubah paket", "ganti program", "ubah program", "ubah iuran"),
    "earnings": (
        *("penghasilan saya berubah", "ganti penghasilan", "ubah penghasilan"),
        *("penghasilan saya naik", "penghasilan saya turun"),
    ),
    "explain": (
        "simulasi",
        "simulasi manfaat",
        "hitung manfaat",
        "hitung santunan",
        "kalau terjadi apa-apa pada saya",
        "kalau terjadi apa apa pada saya",
        "kalo terjadi apa apa sama saya",
        "kalau ada apa-apa sama saya",
        "kalau saya kenapa-kenapa",
        "kalau saya kenapa napa",
    ),
}
