"""The real program with everything around it on real wires, and ways to kill it at a chosen point."""
