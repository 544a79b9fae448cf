"""The ground: no business words here."""
