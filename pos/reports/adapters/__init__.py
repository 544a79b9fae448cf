"""Files the books are taken away as."""
