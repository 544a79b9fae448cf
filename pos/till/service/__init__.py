"""Verbs of selling: take events in, record sales, cash and goods, close shifts, raise and close flags."""
