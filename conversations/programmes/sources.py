"""The names of sources that several facts rest on.

No official PDF could be opened when these were read (see `fact.CHECKED`); where a regulation is named, the text after
it says through whom we know it.
"""

from __future__ import annotations

SIMULATION = "hibahtiar/jaga-pekerja simulasi-bpu.html, 2026-09"
PROGRAMMES_SITE = "hibahtiar/jaga-pekerja data, 2026-09"
BROCHURE = "Brosur BPU 2026 in samuelgautama/sapa-chatbot"
FIELD_FAQ = "samuelgautama/sapa-chatbot 08_faq_lapangan_bpu.txt, 2026-09"

PP_82_2019 = f"PP 82/2019 (suara.com 2020-01-06, wartaekonomi.co.id 266422, {BROCHURE})"
PP_49_2023 = "PP 49/2023 Pasal 5 (pasal.id)"
PP_50_2025 = "PP 50/2025 (prudensi.com 2026-02-04, jateng.antaranews.com 619022)"
PP_46_2015 = f"PP 46/2015 Pasal 22 (pasal.id, {BROCHURE}, bpjsketenagakerjaan.go.id/artikel/18902)"
PERMENAKER_1_2025 = f"Permenaker 1/2025 (media.alkhairaat.id 2025-07-23, bursakota.co.id 2025-08-05, {BROCHURE})"
PERDIR_22_2022 = "Perdir 22/PERDIR.02/072022 (908 PROBIS KEPESERTAAN)"
OFFICIAL_FAQ = "FAQ resmi BPJS Ketenagakerjaan (perisaiblora.blogspot.com, star.grid.id 453722708)"
JAMIN = "Jamin's own decision"
