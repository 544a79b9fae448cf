"""Work promised inside a transaction and done after it."""
