"""Verbs: share a sale out, take a share back, settle, pay."""
