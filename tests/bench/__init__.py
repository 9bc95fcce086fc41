"""What a durable, sealed turn costs, beside what others cost without: `python -m tests.bench` prints one table."""
