"""What whoever brings a file in may do to the register, decided for all its goods at once. Reads only."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.access.guards import Viewer, find_viewer
from pos.catalogue.models import Certificate, Offer, Product, ProductChange


class Editor:
    """Changes at once what `queries.changes.may_edit` allows and asks for the rest; nobody certifies their own goods.

    Without a person (the server's own command, the demo) everything is allowed.
    """

    def __init__(self, session: Session, who: Viewer | None) -> None:
        self.who = who
        self.certifies = who is None or who.may("certificate.write")
        self.everything = who is None or who.may("register.write", operator="")  # everywhere: covers any place
        self._certified: set[str] = set()
        self._sellers: dict[str, set[str]] = defaultdict(set)
        self._makers: dict[str, str] = {}
        self._asked: set[tuple[str, str, str]] = set()
        if who is None or (self.everything and self.certifies):
            return
        self._certified = set(session.scalars(select(Certificate.product_id)))
        for product_id, operator_id in session.execute(select(Offer.product_id, Offer.operator_id)):
            self._sellers[product_id].add(operator_id)
        self._makers = dict(session.execute(select(Product.id, Product.producer_id)).all())
        mine = (ProductChange.made_by == who.id, ProductChange.state == "open")
        rows = session.execute(select(ProductChange.product_id, ProductChange.kind, ProductChange.after).where(*mine))
        self._asked = {(product_id, kind, after) for product_id, kind, after in rows}

    def edits(self, product_id: str) -> bool:
        """May this product's facts and GTIN be changed at once? One the register does not have yet, always."""
        if self.who is None or self.everything or product_id not in self._makers:
            return True
        if self.who.may("register.write", producer=self._makers[product_id]):
            return True
        sellers = self._sellers[product_id]
        own = all(self.who.may("product.write", operator=operator_id) for operator_id in sellers)
        return own and self.who.may("product.write") and product_id not in self._certified

    def asks(self, product_id: str, kind: str, after: str) -> bool:
        """Is it a new question? Once asked it waits; asking again changes nothing."""
        new = (product_id, kind, after) not in self._asked
        self._asked.add((product_id, kind, after))
        return new


def editor_of(session: Session, person_id: str) -> Editor:
    """The person with the rights of now; one switched off meanwhile may nothing, and so asks for everything."""
    return Editor(session, find_viewer(person_id) or Viewer(person_id, "", "vi", ()))
