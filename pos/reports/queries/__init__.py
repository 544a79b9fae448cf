"""Questions the three homes ask. Reads everything, writes nothing."""
