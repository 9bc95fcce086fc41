"""What we say, as editors work on it."""
