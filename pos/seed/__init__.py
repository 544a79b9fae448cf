"""The demo: real goods, invented prices, people and sales, made through the same doors as real ones."""
