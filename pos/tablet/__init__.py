"""The tablet's door: JSON in, JSON out; owns no business table."""
