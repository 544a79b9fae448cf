"""Money as the other ledger: entries, postings, chain."""
