"""Servers of others, as strict as the real ones: what those refuse, these refuse."""
