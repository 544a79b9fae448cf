"""Who may do what: the one written table, used by the code and printed in the docs. Default deny."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE_READ = frozenset(
    {"home.operator", "place.read", "producer.read", "product.read", "certificate.read", "stock.read", "sale.read",
     "flag.read", "statement.read", "agreement.read", "ledger.read"}
)  # fmt: skip
ROLES: dict[str, frozenset[str]] = {
    "administrator": OFFICE_READ
    | {"place.write", "producer.write", "product.write", "certificate.write", "stock.write", "receipt.reprint",
       "flag.close", "statement.write", "statement.approve", "agreement.write", "fair.read", "producer.home",
       "person.write", "device.enrol"},
    "manager": OFFICE_READ
    | {"place.write", "producer.write", "product.write", "certificate.write", "stock.write", "receipt.reprint",
       "flag.close", "statement.approve", "agreement.write", "device.enrol"},
    "bookkeeper": OFFICE_READ | {"flag.close", "statement.write", "receipt.reprint", "stock.write"},
    "supervisor": frozenset({"till.sell", "till.supervise", "stock.read", "sale.read", "home.operator", "flag.read"}),
    "cashier": frozenset({"till.sell"}),
    "producer": frozenset({"producer.home"}),
    "organizer": frozenset({"fair.read"}),
    "city_office": frozenset({"fair.read", "certificate.read", "product.read"}),
    "auditor": OFFICE_READ | {"fair.read"},
}  # fmt: skip
SCOPES = ("all", "operator", "site", "fair", "organizer", "producer")


@dataclass(frozen=True)
class Scope:
    """Where a right holds: (kind, id); kind `all` has id ''."""

    kind: str
    id: str


def scopes_of(grants: list[tuple[str, str, str]], action: str) -> list[Scope]:
    """The scopes in which some role of (role, scope_kind, scope_id) allows the action."""
    return [Scope(kind, id_) for role, kind, id_ in grants if action in ROLES.get(role, frozenset())]


def covers(scopes: list[Scope], **where: str | None) -> bool:
    """True when one of the scopes is `all` or names one of `operator=…, site=…, fair=…, producer=…`."""
    return any(s.kind == "all" or (where.get(s.kind) is not None and where[s.kind] == s.id) for s in scopes)
