"""The whole program from outside: real processes, real loopback HTTP, real databases, a real browser."""
