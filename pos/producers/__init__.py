"""OCOP subjects: the owners of the goods."""
