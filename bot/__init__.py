"""The shell: everything that touches the world. `app.py` puts it together, `cli.py` is the way in."""
