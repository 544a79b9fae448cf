"""Pure rules of shares and settlement."""
