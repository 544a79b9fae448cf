"""The day an operator begins with us: one workbook of goods, stock, debts, advances and cash becomes opening papers."""
