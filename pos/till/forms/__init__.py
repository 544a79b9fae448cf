"""Outside input → events, or the reason why not."""
