"""Questions of a bookkeeper to the books."""
