"""What we say, as editors and translators work on it: catalogues, what is wrong with them, and the gallery.

Indonesian is written first and is the source of the other languages. Each of their entries keeps, as a comment, the
Indonesian words it was made from: where those have changed since, it is stale.
"""
