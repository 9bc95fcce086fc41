"""Bytes made to break what reads them: a kept corpus and its mutations. `python -m tests.fuzz` goes on for long."""
