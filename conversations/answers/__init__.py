"""Question → topic → approved answer, or "not sure". The texts are data under `locales/`; here is how one is found."""
