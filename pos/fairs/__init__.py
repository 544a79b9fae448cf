"""A fair as one object: booths and its live board."""
