"""The KTP by photo: invented cards with known truth, and what is read from them."""
