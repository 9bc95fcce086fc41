"""The KTP by photo: pictures are read on this machine, in a process of its own, and never stored.

`child` is that process: it opens a picture (`picture`), finds the text on it (`text`) and lets
`conversations/reading/ktp.py` make a card of it. `reader` starts it and watches over it, in words of `wire`. `photos`
fetches what was sent in a chat and carries the answer back through the outbox; `shelf` lends it pictures that come from
a terminal. Nothing is imported here, so that the child loads only what it needs.
"""
