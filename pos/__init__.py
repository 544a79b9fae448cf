"""OCOP POS: selling, consigned goods and producers' money."""
