"""What rights can hold in, and what belongs to what: the answer to pos.access.directory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.directory import PAGE
from pos.access.rules import EVERYWHERE, Scope, Spot, within
from pos.consignment.models import Agreement
from pos.kernel.text import fold
from pos.places.models import Fair, Operator, Organizer, Site
from pos.producers.models import Producer

KINDS = ("all", "operator", "site", "fair", "organizer")


def _operators(session: Session, ids: Collection[str] | None) -> Iterable[Spot]:
    query = select(Operator.id, Operator.name).order_by(Operator.name, Operator.id)
    rows = session.execute(query if ids is None else query.where(Operator.id.in_(ids)))
    return [Spot("operator", id_, name) for id_, name in rows]


def _sites(session: Session, ids: Collection[str] | None) -> Iterable[Spot]:
    query = select(Site.id, Site.name, Site.operator_id).order_by(Site.name, Site.id)
    rows = session.execute(query if ids is None else query.where(Site.id.in_(ids)))
    return [Spot("site", id_, name, (Scope("operator", operator),)) for id_, name, operator in rows]


def _fairs(session: Session, ids: Collection[str] | None) -> Iterable[Spot]:
    query = select(Fair.id, Fair.name, Fair.organizer_id).order_by(Fair.starts_on.desc(), Fair.id)
    rows = session.execute(query if ids is None else query.where(Fair.id.in_(ids)))
    return [Spot("fair", id_, name, (Scope("organizer", organizer),)) for id_, name, organizer in rows]


def _organizers(session: Session, ids: Collection[str] | None) -> Iterable[Spot]:
    query = select(Organizer.id, Organizer.name).order_by(Organizer.name, Organizer.id)
    rows = session.execute(query if ids is None else query.where(Organizer.id.in_(ids)))
    return [Spot("organizer", id_, name) for id_, name in rows]


def _producers(session: Session, rows: Sequence[tuple[str, str]]) -> list[Spot]:
    sellers: dict[str, list[Scope]] = defaultdict(list)
    pairs = select(Agreement.producer_id, Agreement.operator_id).where(
        Agreement.producer_id.in_([id_ for id_, _ in rows])
    )
    for producer, operator in session.execute(pairs.order_by(Agreement.operator_id)):
        sellers[producer].append(Scope("operator", operator))
    return [Spot("producer", id_, name, tuple(sellers[id_])) for id_, name in rows]


OF_KIND = {"operator": _operators, "site": _sites, "fair": _fairs, "organizer": _organizers}


class ScopeDirectory:
    """Reads the tables of places, producers and agreements."""

    def find(self, session: Session, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Spot]:
        """The spots of (kind, id) pairs; unknown ones are left out."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for kind, id_ in pairs:
            wanted[kind].add(id_)
        found: list[Spot] = [EVERYWHERE] if "" in wanted["all"] else []
        for kind, ask in OF_KIND.items():
            if wanted[kind]:
                found += ask(session, wanted[kind])
        if wanted["producer"]:
            rows = session.execute(select(Producer.id, Producer.name).where(Producer.id.in_(wanted["producer"])))
            found += _producers(session, [(id_, name) for id_, name in rows])
        return {(spot.kind, spot.id): spot for spot in found}

    def inside(self, session: Session, scopes: Sequence[Scope], kinds: Collection[str]) -> list[Spot]:
        """All spots of these kinds within the scopes, by kind and name."""
        found: list[Spot] = [EVERYWHERE] if "all" in kinds and within(scopes, EVERYWHERE) else []
        for kind, ask in OF_KIND.items():
            if kind in kinds:
                found += [spot for spot in ask(session, None) if within(scopes, spot)]
        return found

    def producers(self, session: Session, scopes: Sequence[Scope], *, q: str, page: int) -> tuple[list[Spot], bool]:
        """Producers some operator within the scopes has terms with, by name; `q` without accents."""
        query = select(Producer.id, Producer.name).order_by(Producer.name, Producer.id)
        if not within(scopes, EVERYWHERE):
            mine = [scope.id for scope in scopes if scope.kind == "operator"]
            query = query.where(Producer.id.in_(select(Agreement.producer_id).where(Agreement.operator_id.in_(mine))))
        for word in fold(q).split():
            query = query.where((Producer.search + " " + func.lower(Producer.code)).contains(word, autoescape=True))
        rows = session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
        return _producers(session, [(id_, name) for id_, name in rows[:PAGE]]), len(rows) > PAGE
