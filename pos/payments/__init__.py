"""How money arrives: VietQR now, bank lines later."""
