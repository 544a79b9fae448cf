"""The tables of docs/roles.md, written from pos.access.rules: `python -m scripts.roles` rewrites them."""

from __future__ import annotations

from config import ROOT
from pos.access.rules import EVERYWHERE, LIMITS, ROLE_SCOPES, ROLES, SCOPES, Spot, may_give
from pos.kernel.text import dong

PAGE = ROOT / "docs" / "roles.md"
MEANS = {
    "home.operator": "the day of an operator: takings, shifts, silent tablets, cash",
    "place.read": "read sites, tills and their tablets",
    "place.write": "open and change sites and tills",
    "operator.write": "open operators",
    "vat.write": "add periods in which the law lowers a VAT rate",
    "fair.write": "add and change fairs and who holds them",
    "producer.read": "read the register of producers (account numbers stay masked)",
    "producer.write": "register and change producers and their accounts",
    "product.read": "read products, prices and VAT of one's own operator",
    "product.write": "offer, price and tax products for one's own operator, mint its codes",
    "register.ask": "register products; ask for changes of the register (names, pictures, GTINs, certificates)",
    "register.write": "change the register at once, accept and refuse what others ask for (a producer: its own goods)",
    "picture.read": "see pictures of products",
    "certificate.read": "read certificates",
    "certificate.write": "add and revoke certificates, accept those others send in",
    "stock.read": "read levels and intake notes",
    "stock.write": "count consignments in",
    "stock.count": "count what is there, blind, on one's own phone",
    "sale.read": "read sales and their receipts",
    "receipt.reprint": "ask for one more copy of a receipt",
    "invoice.read": "see which invoices customers asked for, their buyers masked",
    "invoice.write": "see a buyer in the clear (logged), mark an invoice done, forget a buyer",
    "control.read": "read the control report: removals, cancelled carts, drawers opened, reprints, approvals",
    "flag.read": "read the doubts raised about events",
    "flag.close": "close a doubt, saying why",
    "flag.give": "say who sees to a doubt",
    "statement.read": "read statements",
    "statement.write": "preview and freeze statements, pay them",
    "statement.approve": "approve a frozen statement",
    "agreement.read": "read the terms with producers",
    "agreement.write": "agree on new terms",
    "ledger.read": "read the safes and the books, verify the chain, export the journal",
    "owner.read": "read what was sold and belongs to nobody known yet",
    "owner.assign": "say whose it was, and book it",
    "golive.write": "open an operator's books from a sheet, and take the opening back",
    "safe.write": "write down cash fetched from the bank for a safe",
    "books.seal": "seal a month, a day of a site or a fair of the books",
    "shift.seal": "close a shift over events that never came, naming them and why",
    "owed.read": "read who owes on account, with name and phone; each look at a phone is logged",
    "owed.write": "write down that a customer paid what they owed",
    "fair.read": "watch a fair's board",
    "producer.home": "a producer's own page: its money, goods and statements",
    "till.sell": "sell at a till by PIN",
    "till.supervise": "approve at a till, add helpers",
    "producer.card": "issue, print and end a producer's card (only over all its operators together)",
    "person.read": "read who may do what within one's reach",
    "person.write": "add people, give and take roles up to one's own, one-time passwords",
    "pin.write": "set the PIN of those who sell",
    "access.read": "read the log of rights, secrets and unmasked reads",
    "device.enrol": "make codes that enrol a tablet",
    "device.revoke": "take a tablet's right away, saying why",
    "quarantine.read": "read events in quarantine (each look is logged) and see what is held of revoked tablets",
    "quarantine.repair": "book mended events and held ones",
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


def scopes() -> str:
    """Roles down; where each can hold, and who may give it there."""
    lines = ["| role | holds in | given by |", "|---|---|---|"]
    for role, kinds in ROLE_SCOPES.items():
        spots = [EVERYWHERE if kind == "all" else Spot(kind, "here", "") for kind in kinds]
        givers = [
            giver
            for giver, own in ROLE_SCOPES.items()
            if any(
                may_give([(giver, kind, "" if kind == "all" else "here")], role, spot)
                for spot in spots
                for kind in own
                if kind in ("all", spot.kind)
            )
        ]
        lines.append(f"| `{role}` | {', '.join(k for k in SCOPES if k in kinds)} | {', '.join(givers) or '—'} |")
    return "\n".join(lines) + "\n"


def limits() -> str:
    """What a seller may do alone at a till."""
    lines = [
        "| role | discount on a basket | refund on a ticket | return without a receipt | approves for others |",
        "|---|--:|--:|:-:|:-:|",
    ]
    for role, may in LIMITS.items():
        lines.append(
            f"| `{role}` | {may.discount_bp / 100:g} % | {dong(may.refund)} ₫ | "
            f"{'●' if may.return_without_receipt else ''} | {'●' if may.approve else ''} |"
        )
    return "\n".join(lines) + "\n"


def page(old: str) -> str:
    """The page with today's tables, each between its marks."""
    for name, made in (("table", table), ("scopes", scopes), ("limits", limits)):
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
        before, _, rest = old.partition(begin)
        old = before + begin + made() + end + rest.partition(end)[2]
    return old


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
