"""Texts a producer gets: written once each, sent by channels. What there is to say is found by the floors above."""
