"""The pure core: one turn of a conversation about enrolling people. No I/O, no clock, no randomness (law 1)."""
