"""Storing chats, people and what is to be delivered: sealed, on SQLite or PostgreSQL."""
