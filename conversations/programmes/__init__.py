"""JKK, JKM and JHT: what they cost, what they pay and who may join, as dated facts with small arithmetic on them.

To change an amount or a date, change its `Fact` in the file named for it: `brackets`, `contribution`, `discount`,
`benefits`, `calendar`, `eligibility`, `places`. All amounts are whole rupiah.
"""
