"""What somebody does for a living, from the words people type: "narik ojol", "jualan bakso", "buruh tani"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from conversations.occupations import by_code
from conversations.reading.reading import Reading
from conversations.reading.spelling import vocabulary

_LONGEST = 200
_WORDS = re.compile(r"[a-z]+")
_LONGEST_PHRASE = 4

# Phrases per occupation, "/" between them; a selling word before goods is understood without being listed.
KEYWORDS = {
    "ojek_online": (
        "ojol/ojek online/ngojek online/narik ojek online/gojek/grab/grabbike/grab "
        "bike/maxim/indrive/gobike/goride/go ride/"
        "driver online/driver ojol/driver gojek/driver grab/ngojol/ngegrab/ngegojek/mitra gojek/mitra grab/"
        "ojek ol/okejek/ojek daring/anak ojol/nge grab/nge gojek/go jek/driver maxim"
    ),
    "ojek_rider": (
        "ojek/ngojek/tukang ojek/ojek pangkalan/opang/ojeg/ngojeg/narik ojek/pengojek/rbt/tukang ojeg/ojek motor/"
        "motor ojek/gojekan pangkalan"
    ),
    "taxi_online_driver": (
        "gocar/grabcar/grab car/go car/taksi online/taxi online/taksol/driver mobil online/maxim mobil/grab mobil/"
        "sopir online"
    ),
    "courier": (
        "kurir/kurir paket/shopee food/shopeefood/shopee express/shopee xpress/spx/jne/jnt/sicepat/anteraja/"
        "antar paket/nganter paket/anter paket/pengantar paket/gosend/grabexpress/grab express/gofood/go food/"
        "grabfood/grab food/lalamove/ninja express/kurir online/delivery/antar barang/pengantar makanan/"
        "antar makanan/pos indonesia/kurir ekspedisi/ekspedisi"
    ),
    "angkot_driver": (
        "angkot/sopir angkot/supir angkot/narik angkot/mikrolet/angkutan kota/sopir angkutan/supir angkutan/"
        "pete pete/bemo/oplet/jaklingko/angkudes/angkutan desa/sopir mikrolet/narik mikrolet"
    ),
    "taxi_driver": (
        "sopir taksi/supir taksi/sopir taxi/supir taxi/taksi/taxi/narik taksi/bluebird/blue bird/driver taksi/"
        "driver taxi"
    ),
    "truck_driver": (
        "sopir truk/supir truk/sopir truck/supir truck/truk/sopir tronton/sopir pickup/supir pickup/sopir pick up/"
        "sopir engkel/sopir kontainer/sopir dump truck/bawa truk/nyupir truk/sopir fuso/sopir tangki/truck"
    ),
    "rental_driver": (
        "sopir rental/supir rental/sopir travel/supir travel/driver travel/sopir carteran/sopir pribadi/"
        "supir pribadi/rental mobil/travel gelap"
    ),
    "bus_driver": "sopir bus/supir bus/sopir bis/supir bis/pengemudi bus/pramudi",
    "driver_assistant": (
        "kernet/kenek/knek/kondektur/kernet truk/kernet angkot/kenek angkot/kenek truk/kernet bus/kenek bus/"
        "timer angkot"
    ),
    "becak_driver": "becak/tukang becak/narik becak/abang becak/mbecak/pengayuh becak/pengemudi becak",
    "bentor_driver": (
        "bentor/becak motor/narik bentor/becak mesin/sopir bentor/tukang bentor/viar/tossa/kaisar roda tiga"
    ),
    "bajaj_driver": "bajaj/bajay/narik bajaj/sopir bajaj/supir bajaj/bajai",
    "horse_cart_driver": (
        "delman/kusir/kusir delman/dokar/andong/cidomo/kusir dokar/kusir andong/sado/nayor/benhur/kereta kuda/bendi"
    ),
    "cart_puller": (
        "gerobak/tukang gerobak/tarik gerobak/narik gerobak/dorong gerobak/pedati/angkut gerobak/gerobak sapi"
    ),
    "boat_driver": (
        "perahu/tukang perahu/sopir perahu/kapal kecil/speedboat/speed boat/ketinting/klotok/getek/"
        "penyeberangan perahu/ojek perahu/juragan perahu/perahu wisata/motoris/tambangan/pengemudi perahu/"
        "nahkoda perahu"
    ),
    "other_driver": "sopir/supir/driver/nyopir/nyupir/pengemudi/supirr/sopirr/jadi sopir/pengemudi mobil/narik",
    "stall_owner": (
        "warung/buka warung/warung kelontong/warung kopi kecil/punya warung/jaga warung sendiri/warungan/kios/"
        "buka kios/usaha warung/warung madura/warkop kelontong/lapak/buka lapak/ngewarung/buka toko/punya toko/"
        "toko kelontong/usaha toko/kelontong"
    ),
    "grocery_seller": (
        "sembako/jual sembako/agen sembako/toko sembako/beras/jual beras/telur/gas elpiji/jual gas/agen gas/galon/"
        "air galon/bensin/bensin eceran/pertamini/jual bensin/minyak eceran/minyak tanah/pom mini"
    ),
    "meatball_seller": "bakso/tukang bakso/baso/cilok/bakso keliling/mie bakso/bakwan malang/tukang baso/pentol/cuanki",
    "noodle_seller": (
        "mie ayam/mi ayam/tukang mie ayam/mie goreng/tukang mie/nasi goreng/tukang nasi goreng/nasgor/kwetiau/"
        "mie aceh/mie tek tek/bakmi"
    ),
    "fried_snack_seller": (
        "gorengan/tukang gorengan/jual gorengan/cireng/tahu bulat/pisang goreng/bakwan/tahu goreng/batagor/siomay/"
        "siomai/somay/molen"
    ),
    "rice_seller": (
        "nasi/warteg/warung nasi/nasi kuning/nasi uduk/nasi padang/rumah makan sendiri/nasi pecel/pecel/"
        "pecel lele/warung makan/nasi bungkus/lontong/lontong sayur/gado gado/ketoprak/rames/nasi campur/lalapan/"
        "lotek/rujak/nasi rames/nasi kucing/angkringan/bubur/bubur ayam/tukang bubur/bubur kacang ijo/burjo/"
        "bubur sumsum/sate/tukang sate/sate madura/sate ayam/sate kambing/sate padang/soto/tukang soto/soto ayam/"
        "gulai/coto"
    ),
    "street_food_seller": (
        "ayam goreng/ayam geprek/geprek/fried chicken/ayam potong/jual ayam/ayam bakar/bebek goreng/pedagang ayam/"
        "makanan/jajanan/jual makanan/cimol/seblak/telur gulung/sosis/takoyaki/kebab/burger/pempek/"
        "makanan keliling/kaki lima/pkl/jajanan sekolah/kuliner/camilan/cemilan/pedagang kaki lima/snack/dimsum"
    ),
    "coffee_seller": "kopi keliling/starling/kopi/warkop/warung kopi/kedai kopi/jual kopi/barista keliling/kopi sepeda",
    "drink_seller": (
        "es/jual es/es teh/es dawet/dawet/cendol/es cendol/es kelapa/jus/es campur/minuman/jamu/tukang jamu/"
        "jamu gendong/es krim/es kelapa muda/es doger/tukang es/es lilin/es buah/thai tea/es tebu/degan/"
        "susu kedelai/wedang"
    ),
    "bread_cake_seller": (
        "roti/kue/jual kue/tukang roti/tukang kue/kue basah/donat/jajanan pasar/martabak/terang bulan/"
        "tukang martabak/roti bakar/serabi/kue pancong/bolu/kue kering/jajan pasar/klepon"
    ),
    "vegetable_seller": (
        "sayur/tukang sayur/sayuran/jual sayur/pedagang sayur/sayur keliling/mlijo/bumbu dapur/cabe/cabai/bawang/"
        "tempe keliling/jual bumbu/wlijo"
    ),
    "fruit_seller": "buah/tukang buah/buah buahan/jual buah/pedagang buah/durian/semangka/pisang/mangga/kelapa",
    "fish_seller": "ikan/jual ikan/pedagang ikan/ikan asin/penjual ikan/bakul ikan/tukang ikan/papalele",
    "meat_seller": (
        "daging/jual daging/pedagang daging/tukang daging/daging sapi/jagal pasar/jagal/tukang jagal/potong sapi/"
        "potong ayam/tukang potong hewan/tukang potong ayam/rph"
    ),
    "market_trader": (
        "pedagang pasar/dagang di pasar/jualan di pasar/bakul pasar/pasar/dagang pasar/los pasar/bakulan pasar/"
        "inang inang/jualan pasar/jualan di pajak"
    ),
    "hawker": (
        "keliling/pedagang keliling/asongan/pedagang asongan/dagang keliling/jualan keliling/mainan/mainan anak/"
        "balon/tukang balon/jual koran/koran/tisu/tukang kredit/jualan koran/perabot keliling/asong"
    ),
    "clothes_seller": (
        "baju/pakaian/jual baju/jilbab/hijab/kerudung/konveksi jualan/sepatu/sandal/kain/thrift/kosmetik/aksesoris/tas"
    ),
    "phone_credit_seller": (
        "pulsa/konter/counter hp/konter hp/konter pulsa/jual pulsa/counter pulsa/kuota/brilink/agen brilink/"
        "aksesoris hp/casing hp"
    ),
    "online_seller": (
        "online shop/olshop/jualan online/jual online/dropship/dropshipper/reseller/tokopedia/shopee/tiktok shop/"
        "lapak online/jualan shopee/toko online/bisnis online/dagang online/affiliate/afiliator/jualan di shopee/"
        "jualan tiktok/seller"
    ),
    "trader": (
        "barang bekas/jual beli bekas/loak/tukang loak/besi tua/barang antik/motor bekas/hp bekas/jual beli hp/"
        "jual beli motor/makelar motor/dagang/jualan/pedagang/wiraswasta/usaha sendiri/berdagang/bakul/bakulan/"
        "jual/penjual/usaha/wirausaha/umkm/jualan kecil kecilan/dodolan/dodol/icalan/manggaleh/padagang/jajualan/"
        "bisnis/punya usaha/usaha kecil/usaha kecil kecilan/dagang kecil kecilan"
    ),
    "caterer": "katering/catering/usaha katering/kateringan/nasi kotak/tumpeng/tukang masak hajatan/rantangan",
    "shop_assistant": (
        "jaga toko/pelayan toko/karyawan toko/penjaga toko/spg/spb/kasir/pramuniaga/jaga warung orang/"
        "pegawai toko/kerja di toko/jaga konter/karyawan minimarket/alfamart/indomaret/kerja toko/jaga counter"
    ),
    "restaurant_worker": (
        "pelayan/waiter/waitress/pelayan rumah makan/karyawan warung/barista/karyawan restoran/"
        "kerja di rumah makan/kerja di warung/pelayan warung/karyawan cafe/kerja di restoran/koki restoran/"
        "kerja di kafe/pramusaji"
    ),
    "farmer": (
        "petani padi/sawah/nyawah/petani sawah/tani padi/ke sawah/tani sawah/petani beras/petani/tani/bertani/"
        "berkebun/pekebun/patani/wong tani/kebun/ngebun/berladang/ladang/petani jagung/petani tebu/"
        "petani tembakau/petani singkong/petani karet kebun/petani bawang/petani cengkeh/petani kelapa/"
        "petani cokelat/petani coklat/petani kakao/petani lada/petani porang/tatanen/ka sawah/petani sayur/"
        "petani cabe/petani cabai/kebun sayur/tani sayur/petani kentang/petani tomat/petani bawang merah/"
        "petani buah/petani jeruk/hidroponik/petani kopi/kebun kopi/tani kopi/petani teh/kebun teh/pemetik teh/"
        "petik teh/tanaman hias/petani bunga/jual bunga/jual tanaman/pembibitan/bibit tanaman/jual bibit/bunga/"
        "toko bunga/anggrek"
    ),
    "palm_farmer": "petani sawit/sawit/kebun sawit/panen sawit/dodos sawit/dodos/pekebun sawit/tani sawit",
    "rubber_tapper": (
        "penyadap karet/nyadap karet/petani karet/karet/deres karet/nderes/motong karet/noreh/menoreh/penderes/"
        "deres nira/penyadap nira/penderes nira/gula aren/petani aren"
    ),
    "farm_worker": (
        "pemanjat kelapa/panjat kelapa/manjat kelapa/petik kelapa/kupas kelapa/buruh tani/buruh sawah/buruh kebun/"
        "kuli sawah/buruh panen/buruh tandur/tandur/kuli tani/kuli kebun/matun/derep/buruh cangkul/macul/"
        "kuli macul/buruh petik/buruh ladang"
    ),
    "plantation_worker": (
        "karyawan kebun/buruh sawit/karyawan sawit/buruh perkebunan/bhl/kerja di perkebunan/"
        "buruh harian lepas kebun/buruh kebun sawit/buruh karet"
    ),
    "forest_worker": (
        "penebang kayu/tebang kayu/buruh hutan/cari kayu/pencari kayu/pesanggem/chainsaw/senso/nebang kayu/"
        "pencari madu/gaharu"
    ),
    "livestock_keeper": (
        "ternak/peternak/ternak sapi/ternak kambing/sapi/kambing/ternak babi/angon/ngangon/gembala/peternak sapi/"
        "peternak kambing/domba/ngarit ternak/ternak domba/kerbau/babi/peternak babi/sapi perah/ngopeni sapi/"
        "ternak kelinci/angon wedus/angon bebek/ngangon kambing/ngarit sapi/blantik/belantik/jual sapi/"
        "dagang sapi/jual kambing/makelar sapi/pedagang sapi/dagang kambing/pedagang kambing/jual beli sapi/"
        "ngarit/cari rumput/pencari rumput/ngaret/ngarit rumput/tukang rumput/potong rumput pakan/lebah/"
        "ternak lebah/madu/petani madu/jual madu"
    ),
    "poultry_keeper": (
        "ternak ayam/peternak ayam/ternak bebek/ternak lele burung/ternak puyuh/ayam petelur/ayam broiler/"
        "peternak bebek/ternak burung/burung/ternak itik/bebek petelur/burung puyuh/ayam kampung"
    ),
    "fisher": (
        "nelayan/melaut/cari ikan/mancing/nyari ikan/nelayan kecil/abk kapal ikan/palaut/pamayang/jaring ikan/"
        "pencari ikan/njaring/pemancing/nangkap ikan/miyang/abk nelayan/penangkap ikan/kepiting/rajungan/"
        "cari kepiting/kerang/cari kerang/nelayan kepiting/nelayan rajungan/bakau/cari tiram"
    ),
    "fish_farmer": (
        "tambak/petambak/budidaya ikan/ternak lele/lele/kolam ikan/petani tambak/ternak ikan/tambak udang/udang/"
        "petani ikan/tambak bandeng/keramba/nila/gurame/ternak nila/ternak gurame/pembudidaya ikan/bandeng/empang"
    ),
    "seaweed_farmer": "rumput laut/petani rumput laut/budidaya rumput laut/agar agar laut",
    "salt_farmer": "petani garam/garam/tambak garam/petambak garam",
    "fish_processor": (
        "olah ikan/ikan asap/pengolah ikan/bikin ikan asin/terasi/kupas rajungan/pindang/pembuat terasi/"
        "kupas kerang/kupas udang"
    ),
    "builder": (
        "tukang bangunan/tukang batu/kuli bangunan/nukang/tukang/bangunan/kenek bangunan/laden/laden tukang/kuli/"
        "tukang renovasi/tukang kayu bangunan/kernet tukang/buruh bangunan/tukang keramik/tukang plafon/"
        "tukang rumah/tukang gali/hamal bangunan/pembantu tukang/kenek tukang/bas bangunan/tukang bas/"
        "tukang baja ringan/baja ringan/nguli/nguli bangunan/tukang cat/ngecat/pengecat/cat rumah/cat mobil/"
        "cat duco/tukang duco/tukang ledeng/ledeng/tukang pipa/pipa air/sedot wc/pompa air/tukang pompa/plumbing/"
        "gali sumur/tukang sumur/bor sumur/tukang gali sumur/sumur bor/penggali sumur"
    ),
    "construction_contractor": (
        "pemborong/kontraktor/mandor/borongan bangunan/mandor bangunan/pemborong bangunan/kepala tukang"
    ),
    "project_worker": (
        "proyek/kerja proyek/buruh proyek/kuli proyek/pekerja proyek/proyek jalan/proyek bangunan/kerja di proyek/"
        "pekerja konstruksi/konstruksi"
    ),
    "welder": "tukang las/ngelas/bengkel las/las/las listrik/welder/tralis/teralis/pengelas/kanopi/tukang tralis",
    "carpenter": "tukang kayu/pertukangan kayu/tukang kusen/kusen",
    "electrician": "tukang listrik/instalasi listrik/teknisi listrik/listrik/pasang listrik/instalatir",
    "mechanic": (
        "bengkel/bengkel motor/montir/montir motor/mekanik motor/mekanik/tukang bengkel/servis motor/"
        "service motor/buka bengkel/bengkel mobil/montir mobil/mekanik mobil/servis mobil/service mobil/"
        "ketok magic"
    ),
    "tyre_repairer": "tambal ban/tukang tambal ban/nambal ban/tubles/ganti oli",
    "electronics_repairer": (
        "servis hp/service hp/servis elektronik/service elektronik/servis tv/servis komputer/teknisi hp/"
        "teknisi komputer/servis laptop/service laptop/tukang servis/tukang service/service tv/servis kulkas/"
        "reparasi elektronik/tukang elektronik/servis jam/teknisi wifi/teknisi/servis ac/service ac/tukang ac/"
        "teknisi ac/cuci ac/pasang ac"
    ),
    "carwash_worker": (
        "cuci motor/cuci mobil/steam motor/steam/cucian motor/cucian mobil/steam mobil/tukang cuci motor/"
        "tukang cuci mobil/car wash"
    ),
    "furniture_maker": (
        "mebel/meubel/furniture/pengrajin mebel/tukang mebel/sofa/bikin lemari/mubel/tukang sofa/ukir jepara/"
        "amplas mebel/mebeler"
    ),
    "locksmith": "kunci/tukang kunci/duplikat kunci/ahli kunci/tukang stempel/stempel/tukang plat nomor",
    "day_labourer": (
        "buruh harian/harian lepas/buruh harian lepas/buruh lepas/buruh/kuli harian/pekerja harian/kerja harian/"
        "buruh serabutan/pekerja lepas harian/kuli kasar/buruh kasar/buruh borongan"
    ),
    "porter": (
        "kuli panggul/porter/kuli angkut/buruh angkut/bongkar muat/buruh gendong/kuli pasar/kuli pelabuhan/manol/"
        "panggul/kuli gendong/tkbm/buruh bongkar/endong endong/buruh pelabuhan/porter stasiun/tukang panggul/"
        "tukang angkut/angkat angkat barang/buruh panggul"
    ),
    "parking_attendant": (
        "parkir/tukang parkir/juru parkir/jukir/jaga parkir/markir/markirin/jaga parkiran/kang parkir/parkiran"
    ),
    "scavenger": (
        "pemulung/mulung/rongsok/rosok/pengepul/tukang rongsok/cari rongsok/barang rongsokan/rongsokan/ngerosok/"
        "tukang rosok/pengumpul rongsok/botol bekas/pengepul barang bekas"
    ),
    "waste_collector": (
        "sampah/tukang sampah/angkut sampah/petugas sampah/pengangkut sampah/bank sampah/tukang angkut sampah"
    ),
    "street_cleaner": (
        "tukang sapu/penyapu jalan/petugas kebersihan/pasukan kuning/pasukan oranye/ppsu/cleaning service/"
        "kebersihan/sapu jalan/office boy/ob/tenaga kebersihan"
    ),
    "security_guard": (
        "satpam/security/hansip/linmas/jaga malam/penjaga malam/ronda/jaga keamanan/sekuriti/penjaga sekolah/"
        "penjaga vila/penjaga kos/jaga kos"
    ),
    "miner": (
        "penambang pasir/tambang pasir/nambang pasir/cari pasir/galian pasir/pasir/penambang batu/nambang batu/"
        "penambang/nambang/tambang rakyat/dulang emas/pendulang emas/ndulang/tambang emas/penambang emas/gurandil/"
        "nambang emas/penambang timah/timah/ti apung/limbang timah/pemecah batu/pecah batu/mecah batu/buruh batu"
    ),
    "gardener": "tukang kebun/potong rumput/tukang taman/tukang potong rumput/penebang pohon/perawat taman",
    "factory_worker": (
        "pabrik/buruh pabrik/karyawan pabrik/kerja di pabrik/operator produksi/buruh konveksi/karyawan konveksi/"
        "jahit pabrik/kerja pabrik/karyawan/karyawan swasta/pegawai swasta/buruh garmen/garmen/kerja di konveksi/"
        "kerja konveksi/kerja di pt/buruh rokok/linting rokok"
    ),
    "odd_jobs": (
        "serabutan/kerja serabutan/kerja apa saja/kerja apa aja/mocok mocok/mocok/srabutan/"
        "freelance serabutan/calo/makelar/cenayang/pak ogah/kerja tidak tetap/serabut/kerja sembarang/"
        "kerja campur/badal/makelar tanah kecil/joki/calo terminal/calo tiket"
    ),
    "domestic_worker": (
        "art/asisten rumah tangga/pembantu/pembantu rumah tangga/prt/pembokat/rewang/bantu bantu rumah/"
        "beres beres rumah/bersih bersih rumah/pekerja rumah tangga/bibi/mbak rumah/rewang rumah/"
        "kerja di rumah orang/pembantu harian/pembantu pulang pergi/buruh cuci/cuci gosok/nyuci gosok/"
        "buruh cuci gosok/tukang cuci gosok/tukang cuci setrika/buruh setrika/cuci setrika/nyetrika"
    ),
    "laundry_worker": (
        "laundry/londri/usaha laundry/tukang laundry/buka laundry/laundri/karyawan laundry/kerja di laundry"
    ),
    "barber": (
        "cukur/tukang cukur/pangkas rambut/barber/barbershop/potong rambut/tukang pangkas/pangkas/nyukur/"
        "tukang potong rambut/barberman"
    ),
    "beautician": (
        "salon/buka salon/kecantikan/eyelash/nail art/tukang salon/usaha salon/kapster/sulam alis/facial/creambath"
    ),
    "masseur": (
        "pijat/tukang pijat/tukang urut/urut/pijit/mijit/mijet/tukang pijit/bekam/terapis/refleksi/ngurut/kerokan/"
        "tukang pijet/tukang bekam/pijat keliling/dukun pijat/akupuntur/terapis pijat/dukun/tabib/"
        "pengobatan alternatif/paranormal/sinshe/orang pintar/peruqyah/ruqyah"
    ),
    "babysitter": (
        "baby sitter/babysitter/jaga anak/momong/pengasuh/ngasuh/ngasuh anak/pengasuh anak/jaga bayi/"
        "suster lansia/jaga lansia/perawat lansia/ngemong/caregiver/momong anak/merawat lansia/daycare"
    ),
    "cook": "tukang masak/juru masak/koki/masak hajatan/rewang masak/masak di hajatan/chef",
    "tailor": (
        "jahit/tukang jahit/penjahit/njahit/menjahit/permak/konveksi rumahan/permak jeans/vermak/obras/tailor/"
        "nyulam/bordir/ngajait/jahit baju/ngejahit/konveksi/permak levis/jait/tukang jait/penjait"
    ),
    "shoe_repairer": (
        "sol sepatu/tukang sol/tukang sol sepatu/reparasi sepatu/semir sepatu/tukang semir/servis payung/sol"
    ),
    "makeup_artist": (
        "mua/rias/tukang rias/make up/perias pengantin/rias pengantin/dekor/dekorasi pengantin/makeup/perias/"
        "rias manten/sewa baju pengantin/paes/dekorasi/tata rias"
    ),
    "craftsperson": (
        "kerajinan/pengrajin/pengerajin/perajin/anyaman/anyam/nganyam/rotan/bambu/pengrajin kayu/ukir/tukang ukir/"
        "souvenir/kerajinan tangan/sapu lidi/anyaman bambu/handmade/pengrajin bambu/pengrajin rotan/pahat/"
        "tukang pahat/rajut/pengrajin kulit/sangkar burung/layangan/boneka/gerabah/keramik/pengrajin gerabah/"
        "tembikar/pot tanah/genteng tanah liat/pengrajin keramik/perhiasan/tukang emas/perajin perak/akik/"
        "batu akik/sepuh emas/pengrajin perak/patri emas/jual emas"
    ),
    "batik_maker": "batik/pembatik/mbatik/membatik/pengrajin batik/canting/nyanting/buruh batik/sablon batik",
    "weaver": "tenun/penenun/nenun/tenun ikat/songket/ulos/pengrajin tenun/nyongket/bikin ulos",
    "tofu_tempe_maker": (
        "tempe/tahu/bikin tempe/bikin tahu/perajin tempe/pembuat tahu/pengrajin tempe/pabrik tahu rumahan/"
        "pengrajin tahu/usaha tempe/usaha tahu/jual tempe/jual tahu/oncom"
    ),
    "home_producer": (
        "kerupuk/krupuk/keripik/kripik/bikin kerupuk/opak/emping/rengginang/usaha kerupuk/bikin keripik/amplang/"
        "peyek/rempeyek/industri rumahan/home industri/usaha rumahan/produksi rumahan/bikin sambal/frozen food/"
        "olahan rumahan/usaha di rumah/industri rumah tangga/home industry/bikin abon/produksi makanan/sablon/"
        "percetakan"
    ),
    "blacksmith": "pandai besi/pande besi/tukang besi/bikin golok/pande/tempa besi/asah pisau/tukang asah",
    "brick_maker": (
        "batu bata/bikin bata/pembuat bata/bata merah/batako/bikin batako/genteng/pembuat genteng/paving/"
        "cetak bata/buruh bata/bikin genteng/lio"
    ),
    "quran_teacher": (
        "guru ngaji/ngajar ngaji/ustad/ustadz/ustadzah/tpq/tpa/guru tpq/guru tpa/guru madrasah/guru madin/"
        "guru quran/mengajar ngaji/ngajar tpa/ustazah/guru diniyah/pengajar ngaji/guru pesantren/ngajar ngaos/"
        "guru ngaos"
    ),
    "imam": (
        "imam/imam masjid/khatib/imam musholla/modin/kaum/lebe/amil/bilal/imam mushola/penceramah/dai/kyai/kiai/"
        "mubaligh/ceramah/mubalig/dakwah/penghulu"
    ),
    "mosque_keeper": (
        "marbot/merbot/takmir/penjaga masjid/marbot masjid/jaga masjid/muadzin/merebot/kebersihan masjid/muazin/"
        "garin/takmir masjid"
    ),
    "tutor": (
        "guru les/les privat/ngelesin/bimbel/guru privat/tutor/guru bimbel/ngajar les/mengajar les/instruktur/les/"
        "guru les privat/buka les"
    ),
    "kindergarten_teacher": "guru paud/paud/guru tk/kelompok bermain/bunda paud",
    "honorary_teacher": (
        "guru honorer/guru honor/guru wiyata/gtt/guru bantu/guru tidak tetap/guru sukarela/guru kontrak"
    ),
    "church_worker": (
        "pendeta/pastor/gereja/koster/majelis gereja/guru sekolah minggu/penginjil/evangelis/vikaris/"
        "pelayan gereja/biarawati/biarawan/pemangku/pinandita/bhikkhu/katekis/pekerja gereja"
    ),
    "insurance_agent": "agen asuransi/asuransi/agen bpjs/perisai/agen perisai/prudential",
    "property_agent": (
        "agen properti/properti/makelar tanah/makelar rumah/broker/perantara tanah/biong tanah/agen rumah/calo tanah"
    ),
    "lawyer": "advokat/pengacara/lawyer/konsultan hukum/kuasa hukum/paralegal",
    "doctor": (
        "dokter/dokter praktek/dokter gigi/praktek dokter/dokter hewan/psikolog/fisioterapis/apoteker/perawat/mantri"
    ),
    "midwife": "bidan/dukun bayi/bidan praktek/paraji/dukun beranak/praktek bidan/bidan mandiri",
    "freelancer": (
        "freelance/freelancer/pekerja lepas/frelance/desain grafis/desainer/designer/kerja lepas/admin online/"
        "pekerja lepasan/frilen/frilens/editor video/virtual assistant/data entry/arsitek/konsultan/programmer/"
        "developer/web developer/coding/bikin website/programer/software/it freelance/penerjemah/translator/"
        "penerjemah bahasa/juru bahasa/akuntan/konsultan pajak/pembukuan/jasa pajak/biro jasa/pengurus stnk/"
        "jasa stnk/urus stnk/notaris/ppat/jasa surat/penulis/wartawan/jurnalis/wartawan lepas/reporter/blogger/"
        "novelis/kontributor berita/penyair"
    ),
    "travel_guide": (
        "guide/pemandu wisata/tour guide/tour leader/porter gunung/pemandu/pemandu gunung/jeep wisata/"
        "sewa ban pantai/homestay/fotografer wisata guide"
    ),
    "sales_agent": (
        "sales/marketing/mlm/salesman/sales keliling/sales motor/sales mobil/agen/sales kanvas/kanvas/kolektor/"
        "debt collector/leasing/distributor/oriflame/sophie martin"
    ),
    "artist": (
        "seniman/pelukis/aktor/artis/pelukis jalanan/tukang gambar/dalang/pelukis keliling/ludruk/"
        "ketoprak panggung/pematung/wayang/pelawak/badut/badut jalanan/cosplay/komedian/pemain film/figuran/seni/"
        "penari/nari/jathilan/kuda lumping/reog/sanggar tari/jaranan/jaipong/ronggeng/topeng/kuda kepang/mc/"
        "pembawa acara/event organizer/eo/wedding organizer/master of ceremony/wo/pranatacara"
    ),
    "musician": (
        "musisi/pemusik/penyanyi/pengamen/ngamen/band/penyanyi dangdut/organ tunggal/orgen tunggal/biduan/orkes/"
        "gamelan/pemain musik/sinden/dangdutan/elekton/nyanyi/hadroh/qasidah/gitaris/drummer/penyanyi kafe"
    ),
    "photographer": (
        "fotografer/tukang foto/foto keliling/videografer/fotographer/photographer/kameraman/juru foto/"
        "foto wedding/tukang poto/shooting video"
    ),
    "content_creator": (
        "youtuber/konten kreator/content creator/tiktoker/selebgram/streamer/influencer/live tiktok/bikin konten/"
        "gamer/podcaster/kreator/host live/vlogger"
    ),
    "athlete_coach": (
        "atlet/pemain bola/petinju/atlit/pemain voli/pesepakbola/joki kuda/pemain bulutangkis/olahragawan/pelatih/"
        "pelatih bola/instruktur senam/senam/guru senam/personal trainer/pelatih silat/pelatih renang/zumba/wasit/"
        "guru silat/instruktur gym/guru renang/pelatih futsal"
    ),
    "sound_system_worker": (
        "sound system/sewa tenda/tenda/sewa sound/persewaan tenda/kru panggung/terop/kru sound/soundsystem/"
        "sound horeg/sewa terop/persewaan alat pesta/tarub/rental alat pesta"
    ),
    "health_volunteer": (
        "kader/kader posyandu/posyandu/kader kesehatan/kader pkk/pkk/kader desa/kader jumantik/jumantik/kader kb"
    ),
    "volunteer": (
        "relawan/sukarelawan/aktivis/lsm/pekerja sosial/relawan sosial/pendamping desa/tksk/sar/tim sar/"
        "relawan bencana/tagana/pemadam sukarela/relawan sar/relawan ambulans/sopir ambulans desa/ambulans desa/"
        "redkar/damkar sukarela"
    ),
    "village_official": (
        "perangkat desa/aparat desa/pamong/kadus/kepala dusun/sekdes/bpd/staf desa/kepala desa/lurah/kades/bayan/"
        "carik/jogoboyo/rt/ketua rt/rw/ketua rw/pak rt/pak rw/bu rt/pengurus rt/pengurus rw"
    ),
    "honorary_staff": (
        "honorer/tenaga honorer/pegawai honor/thl/tenaga kontrak dinas/pegawai honorer/tenaga harian lepas dinas/"
        "non asn/pppk/satpol pp honorer/phl dinas/tkk"
    ),
    "apprentice": (
        "magang/pkl sekolah/anak magang/praktek kerja/kerja praktek/prakerin/internship/intern/peserta magang/"
        "siswa magang/mahasiswa magang"
    ),
    "migrant_worker": (
        "tki/tkw/pmi/kerja di luar negeri/pekerja migran/kerja di malaysia/kerja di taiwan/kerja di hongkong/"
        "kerja di arab/kerja di korea/kerja di jepang/kerja di singapura/calon tki/luar negeri/buruh migran/"
        "kerja di saudi"
    ),
    "grave_digger": (
        "gali kubur/penggali kubur/tukang gali kubur/penjaga makam/juru kunci/jaga makam/kuncen/rukti jenazah/"
        "memandikan jenazah/mandiin jenazah/penjaga kuburan/tukang kubur"
    ),
    "housewife_business": (
        "ibu rumah tangga jualan/irt jualan/ibu rumah tangga dagang/irt dagang/ibu rumah tangga usaha/irt usaha/"
        "irt sambil jualan/irt jualan online"
    ),
}
_PHRASES = {phrase: code for code, phrases in KEYWORDS.items() for phrase in phrases.split("/")}
_KNOWN = tuple(phrase for phrase in _PHRASES if len(phrase) > 3)
# Occupations that give way to a more exact one in the same text: "keliling" in "bakso keliling".
_GENERAL = (
    "trader",
    "hawker",
    "market_trader",
    "street_food_seller",
    "stall_owner",
    "other_driver",
    "day_labourer",
    "builder",
)
_SELLING = vocabulary(
    "jual jualan dagang pedagang penjual bakul tukang kang mang warung usaha kios toko dodolan juragan buka"
)
# Words that say little of their own and would hide a slip in the next one ("tukang bkaso").
_HOLLOW = vocabulary("tukang jual jualan dagang pedagang penjual usaha sopir supir buruh petani")
_FILLING = vocabulary("saya sy aku kerja jadi sebagai kak di ya cuma sehari hari kecil keliling kecilan")
_NOT_NOW = re.compile(
    r"\b(?:bukan|bkn|mantan|eks|dulu(?:nya)?|pernah|pensiunan|berhenti|belum|gak|ga|nggak|tidak|tdk|ora|teu|mboten)\b"
)
_SURE, _NEAR, _AHEAD = 88, 70, 4


def read_occupation(text: str, today: dt.date) -> Reading:
    """The code of an occupation (`conversations.occupations`).

    Problems: "empty", "ambiguous" (several, or one that is denied or past; hint: the codes named), "unknown" (hint:
    up to three near codes).
    """
    if not text.strip():
        return Reading(problem="empty")
    said = text.strip().lower()[:_LONGEST]
    if said in by_code:
        return Reading(value=said)
    words = _WORDS.findall(said.replace("'", ""))
    found = list(_phrases(words))
    named, denied = _named(words, found), _denied(words, found)
    if len(named) == 1 and not denied:
        return Reading(value=named[0])
    if named:
        return Reading(problem="ambiguous", hint=tuple(named[:3]))
    return _guessed(" ".join(word for word in words if word not in _FILLING), sure=not denied)


def _denied(words: list[str], found: list[str]) -> bool:
    """Whether a "bukan" or "dulu" stands outside the phrases found ("guru tidak tetap" denies nothing)."""
    rest = " ".join(words)
    for phrase in found:
        rest = rest.replace(phrase, " ", 1)
    return _NOT_NOW.search(rest) is not None


def _named(words: list[str], found: list[str]) -> list[str]:
    """The occupations named, the general ones left out where an exact one is there too."""
    if len(found) == 1 and found[0] in _HOLLOW and _unexplained(words):
        return []
    codes = list(dict.fromkeys(_PHRASES[phrase] for phrase in found))
    for general in _GENERAL:
        if len(codes) > 1 and general in codes:
            codes.remove(general)
    return codes


def _unexplained(words: list[str]) -> bool:
    """Whether one or two words stand beside a hollow one: "tukang bkaso", not "jualan di depan rumah setiap hari"."""
    return 0 < sum(word not in _HOLLOW and word not in _FILLING for word in words) < 3


def _phrases(words: list[str]) -> Iterator[str]:
    """The longest known phrases, from left to right."""
    place = 0
    while place < len(words):
        spans = (" ".join(words[place : place + length]) for length in range(_LONGEST_PHRASE, 0, -1))
        phrase = next((span for span in spans if span in _PHRASES), None)
        if phrase:
            yield phrase
        place += len(phrase.split()) if phrase else 1


def _guessed(said: str, sure: bool) -> Reading:
    """An occupation spelled with a slip, or the nearest ones to ask about."""
    bare = " ".join(word for word in said.split() if word not in _SELLING) or said
    near = process.extract(bare, _KNOWN, scorer=fuzz.ratio, limit=8, score_cutoff=_NEAR)
    codes = list(dict.fromkeys(_PHRASES[phrase] for phrase, _, _ in near))
    best = near[0][1] if near else 0
    rival = next((score for phrase, score, _ in near if _PHRASES[phrase] != codes[0]), 0.0)
    if sure and len(bare) > 4 and best >= _SURE and best - rival >= _AHEAD:
        return Reading(value=codes[0])
    return Reading(problem="unknown", hint=tuple(codes[:3]))
