"""Paper: the receipt document, how it is drawn, and the way to a printer."""
