"""Tests of the invented world: its people, its days, and its count."""
