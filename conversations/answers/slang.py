"""Words that mean the same here, as people type them: short forms, slips, Javanese, Sundanese, and plain synonyms.

Each line is a word and, after the colon, what is taken for it. It is a table for finding an answer, not a dictionary:
that "tabrakan" and "jatuh" both count as "kecelakaan" is right for questions about insurance only.
"""

from __future__ import annotations

_WORDS = """
tidak: gk gak ga nggak enggak ngga ngk gag kagak kaga ndak ndk nda tdk tak teu henteu ora mboten moal engga
tidak: nggk tdak bukan
belum: blm blum blom belom durung dereng tacan blon
sudah: udah udh dah sdh uda wis wes uwis atos tos geus sampun pernah
berapa: brp brapa brpa berape piro pira pinten sabaraha besar besaran jumlah
bagaimana: gmn gimana gmna gimna gimanna bgmn gmana kepriye kepiye piye pripun kumaha gimanain
kalau: kalo klo kl klau kalu nek yen menawi upami mun lamun misal misalnya jika apabila bila
bisa: bs bsa biso iso saged tiasa boleh bole dibolehkan
dapat: dpt dpet dapet oleh angsal meunang kenging memperoleh mendapat mendapatkan dapetnya menerima terima
dapat: dapatnya didapat
untuk: utk buat bwt kanggo kangge
yang: yg yng sing anu
dengan: dgn dg sama sm karo sareng jeung
apa: ap opo nopo naon apakah
siapa: sp sapa sopo saha siapakah
dimana: dmn dmana dmna endi nangdi pundi palih mana kemana kmana
kapan: kpn kapankah iraha
kenapa: knp knapa ngapa mengapa ngopo naha kunaon
saya: sy sya aku ak gue gw gua kulo abdi simkuring aing ane
kamu: km anda kau lu sampeyan kowe anjeun maneh kalian
ini: ni iki ieu niki
karena: krn karna krna gara akibat sebab
bulan: bln wulan sasi sewulan sabulan sebulan bulanan
tahun: thn taun taon setahun tahunan
hari: hr dinten poe dina sehari harian
orang: org wong jalmi jelema
bayar: mbayar mbayare bayare mayar mayarna byr bayarin dibayarin pembayaran dibayar membayar bayarnya setor
bayar: nyetor bayaran
iuran: iurane iurannya premi angsuran tarif
daftar: daptar ndaftar ngadaptar dftr daftarin mendaftar pendaftaran gabung join registrasi mendaftarkan
daftar: didaftarkan daftarnya
terdaftar: terdftar terdaptar kedaftar
ikut: ikutan nderek melu milu ngiring ngiringan nyertai bergabung
ojek: ojol ngojek ngojeg ojeg ngojol
sopir: supir driver pengemudi
cair: mencairkan cairkan pencairan dicairkan cairin nyairin nyairkan dicairin ambil ngambil njupuk jupuk
cair: dijupuk nyandak dicandak
cair: mengambil pengambilan diambil tarik ditarik penarikan ngambilnya candak tarikan
klaim: claim klem kleim mengklaim klaimnya
kecelakaan: kacilakaan celaka cilaka laka tabrakan nabrak tabrak ketabrak ditabrak jatuh jatoh tiba labuh
kecelakaan: terjatuh kepleset
meninggal: mati wafat tewas pejah sedo maot ngantunkeun kematian almarhum almarhumah mninggal
uang: duit duwit artos arto yatra duid uangnya
kartu: krtu kartune kartuna kartunya
nomor: no nomer nmr nomernya nomornya
telepon: telpon tlp telp tlpn ditelpon nelpon menelepon ditelepon telfon
hp: handphone hape henpon ponsel
aplikasi: apk app apps aplikasinya
whatsapp: wa whatsap watsap
email: imel emailnya emel surel
sandi: password pasword paswod passwod sandine sandinya
lupa: lali poho
hilang: ilang leungit ical kehilangan ketlisut
cacat: disabilitas lumpuh invalid difabel
kuliah: kuliahan
anak: putra budak anaknya putranya
istri: bini isteri garwa pamajikan
suami: bojo salaki
kerja: gawe kerjo bekerja pekerjaan kerjaan kerjanya pekerja
jualan: dagang sade dodol bakulan jual berjualan berdagang
pedagang: bakul penjual
petani: tani patani bertani
penipuan: panipuan tipu ditipu nipu penipu ketipu modus menipu bohong hoax hoaks
gratis: gratisan free
murah: mirah murahan ringan
jamsostek: bpjamsostek astek
respon: rspn respond direspon merespon ditanggapi balas dibalas bales dijawab digubris tanggapan
galak: judes jutek kasar sombong ketus
telat: terlambat keterlambatan
nunggak: menunggak tunggakan tunggak
sekaligus: sekalian rapel dirapel dimuka
reset: riset mereset
gagal: error eror
syarat: persyaratan sarat syarate saratna syaratnya dokumen berkas kelengkapan
cara: carane carana caranya langkah prosedur
cek: mengecek ngecek melihat lihat liat ningali ndelok mengetahui tau tahu dicek lacak
keluarga: kulawarga
perusahaan: prusahaan pt perusahan pabrik
majikan: juragan bos
jelas: jelasin terangkan
ganti: mengganti gantiin penggantian ubah mengubah diubah perubahan rubah merubah berubah
lama: lawas lami lila suwe
susah: angel hese sulit dipersulit mempersulit nyusahin menyusahkan ribet repot persulit
minta: nyuwun menta dimintai meminta diminta
umur: usia yuswo
rs: rsud rumkit
ribu: rb rbu ribuan
juta: jt jutaan
rekening: rek norek
wna: asing foreigner bule
selfie: swafoto
verifikasi: verivikasi verif
wajah: muka
hapus: hapusin ilangin dihilangkan menghapus dihapus delete
sebar: disebar sebarkan disebarkan disebarkeun bocor disalahgunakan dijual
aktif: aktifkan diaktifkan mengaktifkan hidupkan
nonaktif: dinonaktifkan
bunga: imbal
potong: potongan diskon promo dipotong keringanan
kantor: cabang kancab kacab
agen: agennya agent
petugas: petugasnya pegawai pegawainya cs satpam
calo: calok makelar
komplain: keluhan mengadu pengaduan protes ngadu
kecewa: mengecewakan nyesel menyesal kapok payah buruk jelek parah
ahliwaris: waris warisan pewaris
pemakaman: penguburan kubur makam dikubur
beasiswa: biasiswa
santunan: santunannya
berhenti: brenti stop keluar
tiap: saben unggal setiap
"""

PHRASES = (
    ("jaminan hari tua", "jht"),
    ("jaminan kecelakaan kerja", "jkk"),
    ("jaminan kematian", "jkm"),
    ("jaminan pensiun", "pensiun"),
    ("kata sandi", "sandi"),
    ("rumah sakit", "rs"),
    ("terima kasih", "makasih"),
    ("e mail", "email"),
    ("di mana", "dimana"),
    ("ke mana", "dimana"),
    ("bpjs ketenagakerjaan", "bpjstk"),
    ("bpjs tk", "bpjstk"),
    ("bpjs kesehatan", "bpjskes"),
    ("bukan penerima upah", "bpu"),
    ("return to work", "rtw"),
    ("penyakit akibat kerja", "penyakitkerja"),
    ("klaim pak", "klaim penyakitkerja"),
    ("kasus pak", "kasus penyakitkerja"),
    ("warga negara asing", "wna"),
    ("orang asing", "wna"),
)
"""Words that are one thing, and that thing in one word."""

_FILLERS = """
ini kak kakak ka min mimin admin gan sis bro mas mbak bang pak bu ya iya yaa kah dong deh sih kok nih tuh tolong
mohon maaf punten permisi halo hai hallo selamat pagi siang sore malam assalamualaikum kasih makasih suwun di
ke dari yang dan itu lah pun aja saja wae mau pengen ingin kan nah loh lho si para atau juga lagi ada adalah
ialah untuk dalam pada bagi sebagai akan telah tersebut teh mah tea mbok gitu begitu begini banget sekali
nanya tanya pertanyaan oh eh to tho je n dgn jd jadi terus trs maksud maksudnya dimaksud adakah
"""


def _table() -> dict[str, str]:
    """Read the lines into a table from each form to its word."""
    table: dict[str, str] = {}
    for line in _WORDS.strip().splitlines():
        word, forms = line.split(":")
        table.update(dict.fromkeys(forms.split(), word))
    return table


SAME_AS = _table()
"""From a form to the word it is taken for."""

FILLERS = frozenset(_FILLERS.split())
"""Words that say nothing about what is asked."""
