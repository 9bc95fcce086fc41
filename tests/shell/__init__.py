"""Tests of the shell's own parts, put together for real."""
