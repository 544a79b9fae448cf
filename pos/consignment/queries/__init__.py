"""Questions about terms, shares and statements."""
