"""The long runs, minutes to an hour: what the suite shows in small they show in full. `make proof`."""
