"""How statements leave: PDF by typst, spreadsheets by xlsxwriter. Plain data in, bytes out."""
