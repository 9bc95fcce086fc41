"""The commands, a file for each group of them; `bot.cli` brings them together."""
