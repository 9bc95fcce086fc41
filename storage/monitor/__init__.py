"""What the live monitor reads: counts by closed lists, nothing about anybody."""
