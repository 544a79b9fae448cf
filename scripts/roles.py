"""The table of docs/roles.md, written from pos.access.rules: `python -m scripts.roles` rewrites it."""

from __future__ import annotations

from config import ROOT
from pos.access.rules import ROLES

PAGE = ROOT / "docs" / "roles.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->\n"
MEANS = {
    "home.operator": "the day of an operator: takings, shifts, silent tablets, cash",
    "place.read": "read places, tills and their tablets",
    "place.write": "open and change places and tills",
    "producer.read": "read the register of producers (account numbers stay masked)",
    "producer.write": "register and change producers and their accounts",
    "product.read": "read products, prices and VAT of one's own operator",
    "product.write": "register products; offer, price and tax them for one's own operator",
    "certificate.read": "read certificates",
    "certificate.write": "add and revoke certificates",
    "stock.read": "read levels and intake notes",
    "stock.write": "count consignments in",
    "sale.read": "read sales and their receipts",
    "receipt.reprint": "ask for one more copy of a receipt",
    "flag.read": "read the doubts raised about events",
    "flag.close": "close a doubt, saying why",
    "statement.read": "read statements",
    "statement.write": "preview and freeze statements, pay them",
    "statement.approve": "approve a frozen statement",
    "agreement.read": "read the terms with producers",
    "agreement.write": "agree on new terms",
    "ledger.read": "read and export the journal",
    "fair.read": "watch a fair's board",
    "producer.home": "a producer's own page: its money, goods and statements",
    "till.sell": "sell at a till by PIN",
    "till.supervise": "approve at a till, add helpers",
    "person.write": "add people and grant roles",
    "device.enrol": "make codes that enrol a tablet",
}


def table() -> str:
    """Actions down, roles across, a dot where the role may."""
    actions = [a for a in MEANS if any(a in allowed for allowed in ROLES.values())]
    actions += sorted({a for allowed in ROLES.values() for a in allowed} - set(actions))
    lines = [
        "| action | what it allows | " + " | ".join(ROLES) + " |",
        "|---|---|" + ":-:|" * len(ROLES),
    ]
    for action in actions:
        dots = " | ".join("●" if action in allowed else "" for allowed in ROLES.values())
        lines.append(f"| `{action}` | {MEANS.get(action, '')} | {dots} |")
    return "\n".join(lines) + "\n"


def page(old: str) -> str:
    """The page with today's table."""
    before, _, rest = old.partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
