"""Who may do what: the one written table, used by the code and printed in docs/roles.md. Default deny."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise

GrantRow = tuple[str, str, str]  # role, scope kind, scope id

OFFICE_READ = frozenset(
    {"home.operator", "place.read", "producer.read", "product.read", "certificate.read", "picture.read", "stock.read",
     "sale.read", "flag.read", "control.read", "invoice.read", "statement.read", "agreement.read", "ledger.read",
     "owner.read"}
)  # fmt: skip
PEOPLE = frozenset({"person.read", "person.write", "pin.write", "access.read"})
OWED = frozenset({"owed.read", "owed.write"})  # names and phones of customers on account
OPENING = frozenset({"golive.write"})  # the books of an operator, on its first day
TABLETS = frozenset({"quarantine.read", "quarantine.repair", "device.revoke"})
ROLES: dict[str, frozenset[str]] = {
    "administrator": OFFICE_READ
    | PEOPLE
    | {"place.write", "producer.write", "product.write", "register.ask", "register.write", "certificate.write",
       "stock.write", "stock.count", "receipt.reprint", "flag.close", "flag.give", "invoice.write",
       "statement.write",
       "statement.approve", "agreement.write", "safe.write", "shift.seal", "books.seal", "fair.read",
       "owner.assign", "operator.write", "fair.write", "vat.write", "producer.home", "producer.card", "device.enrol"}
    | OWED
    | OPENING
    | TABLETS,
    "manager": OFFICE_READ
    | PEOPLE
    | {"place.write", "producer.write", "product.write", "register.ask", "stock.write", "stock.count",
       "receipt.reprint",
       "flag.close", "flag.give", "invoice.write", "statement.approve", "agreement.write", "safe.write",
       "shift.seal", "books.seal", "owner.assign", "producer.card",
       "device.enrol"}
    | OWED
    | OPENING
    | TABLETS,
    "bookkeeper": OFFICE_READ
    | {"flag.close", "flag.give", "statement.write", "invoice.write", "receipt.reprint", "stock.write",
       "stock.count", "safe.write",
       "shift.seal", "books.seal", "owner.assign", "producer.card", "quarantine.read"}
    | OWED
    | OPENING,
    "supervisor": frozenset(
        {"till.sell", "till.supervise", "stock.read", "stock.count", "sale.read", "home.operator", "flag.read",
         "control.read"}
    ),
    "cashier": frozenset({"till.sell", "stock.count"}),
    "producer": frozenset({"producer.home", "register.write", "picture.read"}),
    "organizer": frozenset({"fair.read"}),
    "city_office": frozenset(
        {"fair.read", "certificate.read", "certificate.write", "product.read", "picture.read", "register.ask",
         "register.write"}
    ),
    "auditor": OFFICE_READ | {"fair.read", "person.read", "access.read"},
}  # fmt: skip
SCOPES = ("all", "operator", "site", "fair", "organizer", "producer")

# Where a role can hold. The office offers and accepts nothing else.
ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    "administrator": ("all",),
    "manager": ("operator",),
    "bookkeeper": ("operator",),
    "supervisor": ("site", "operator", "fair"),
    "cashier": ("site", "operator", "fair"),
    "producer": ("producer",),
    "organizer": ("organizer", "fair"),
    "city_office": ("all",),
    "auditor": ("operator", "site", "organizer", "all"),
}
# What a role may hand on without holding it: who runs a shop appoints those who sell, yet has no PIN itself.
LENT: dict[str, frozenset[str]] = {
    "administrator": frozenset({"till.sell", "till.supervise"}),
    "manager": frozenset({"till.sell", "till.supervise"}),
}


@dataclass(frozen=True)
class Limits:
    """What a seller may do alone at a till, also without the network; above it somebody approves by PIN.

    `discount_bp` of the basket's gross, `refund` in đồng for one ticket. Sent in the catalogue's `staff[].limits`.
    """

    discount_bp: int
    refund: int
    return_without_receipt: bool
    approve: bool


LIMITS: dict[str, Limits] = {
    "cashier": Limits(discount_bp=500, refund=200_000, return_without_receipt=False, approve=False),
    "supervisor": Limits(discount_bp=3_000, refund=2_000_000, return_without_receipt=True, approve=True),
}

SHORTEST_PASSWORD = 10
PIN_DIGITS = (4, 6)


@dataclass(frozen=True)
class Scope:
    """Where a right holds: (kind, id); kind `all` has id ''."""

    kind: str
    id: str


@dataclass(frozen=True)
class Spot:
    """A place or party a right can hold in, with what it belongs to. A site's parent is its operator, a fair's its
    organizer; a producer's parents are all operators that sell for it."""

    kind: str
    id: str
    name: str
    parents: tuple[Scope, ...] = ()


EVERYWHERE = Spot("all", "", "")


def scopes_of(grants: Iterable[GrantRow], action: str) -> list[Scope]:
    """The scopes in which some role of (role, scope_kind, scope_id) allows the action."""
    return [Scope(kind, id_) for role, kind, id_ in grants if action in ROLES.get(role, frozenset())]


def covers(scopes: Iterable[Scope], **where: str | None) -> bool:
    """True when one of the scopes is `all` or names one of `operator=…, site=…, fair=…, producer=…`."""
    return any(s.kind == "all" or (where.get(s.kind) is not None and where[s.kind] == s.id) for s in scopes)


def within(scopes: Iterable[Scope], spot: Spot) -> bool:
    """True when the scopes hold all of a spot: everywhere, itself, or everything it belongs to.

    Everything: a producer of two operators is within the reach of neither alone, because who stands for the
    producer reads both operators' terms.
    """
    held = set(scopes)
    if any(scope.kind == "all" for scope in held):
        return True
    if Scope(spot.kind, spot.id) in held:
        return True
    return bool(spot.parents) and all(parent in held for parent in spot.parents)


def held_at(grants: Iterable[GrantRow], spot: Spot) -> tuple[frozenset[str], frozenset[str]]:
    """(actions somebody holds over all of a spot, actions they may hand on there)."""
    own: frozenset[str] = frozenset()
    lent: frozenset[str] = frozenset()
    rows = list(grants)
    for role in {role for role, _, _ in rows}:
        if within([Scope(kind, id_) for r, kind, id_ in rows if r == role], spot):
            own |= ROLES.get(role, frozenset())
            lent |= LENT.get(role, frozenset())
    return own, own | lent


def may_give(grants: Iterable[GrantRow], role: str, spot: Spot) -> bool:
    """May somebody with these rights give (or take, or act for) this role there? Nobody gives more than they have."""
    if role not in ROLES or spot.kind not in ROLE_SCOPES[role]:
        return False
    own, lent = held_at(grants, spot)
    return "person.write" in own and ROLES[role] <= lent


def limits_of(roles: Iterable[str]) -> dict[str, int | bool]:
    """The widest limits of somebody's selling roles, as the tablet gets them; {} for who does not sell."""
    found = [LIMITS[role] for role in roles if role in LIMITS]
    if not found:
        return {}
    return asdict(
        Limits(
            discount_bp=max(each.discount_bp for each in found),
            refund=max(each.refund for each in found),
            return_without_receipt=any(each.return_without_receipt for each in found),
            approve=any(each.approve for each in found),
        )
    )


def weak_pin(pin: str) -> bool:
    """True for what people guess first: one digit repeated, a run up or down, a pair repeated, a year."""
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    pairs = {pin[n : n + 2] for n in range(0, len(pin), 2)}
    year = len(pin) == 4 and pin[:2] in ("19", "20")
    return steps <= {0} or steps in ({1}, {-1}) or (len(pin) % 2 == 0 and len(pairs) == 1) or year


def pin_trouble(pin: str) -> str | None:
    """The code of what is wrong with a new PIN, or None."""
    if not (pin.isascii() and pin.isdigit() and PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]):
        return "pin.digits"
    return "pin.weak" if weak_pin(pin) else None
