"""The ways a chat reaches us: each turns its updates into incomings and our messages into its wire."""
