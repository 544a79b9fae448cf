"""How money arrives: VietQR, and the lines of the bank's statements."""
