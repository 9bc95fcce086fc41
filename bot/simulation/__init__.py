"""A world to look at: thousands of invented people who talk to the real program, for weeks that pass in minutes.

Nothing is put into the database from here but the mark that says so (`storage/simulated.py`) and the campaigns of the
office: everybody comes by a link, types, taps, errs, asks, stops half-way or pays as real people do, and everything
else is the program's own work. The same seed gives the same people who do the same things. What came of it is counted
by what they saw (`tally.py`), so that the pages which count it in SQL can be held to it.
"""
