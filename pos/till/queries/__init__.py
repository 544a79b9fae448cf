"""Questions about events, shifts, sales and flags."""
