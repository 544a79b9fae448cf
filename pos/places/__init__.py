"""Operators, sites, organizers, booths, tills."""
