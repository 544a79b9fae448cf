"""Channels a notice can go by."""
