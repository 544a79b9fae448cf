"""Products, barcodes, prices over time, certificates, groups."""
