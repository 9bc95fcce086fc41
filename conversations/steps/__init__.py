"""The kinds of step, one file each. A flow is an ordered table of them."""
