"""Pure rules of selling: what a ticket posts, what a basket costs."""
