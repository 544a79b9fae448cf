"""A co-op's own page behind its statement: which member's goods, and a list to pay them by."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from pos.access.guards import requires
from pos.consignment.queries.members import members_of
from pos.consignment.views.members import csv_of
from pos.kernel.db import db
from pos.reports.queries import producer as queries
from pos.reports.views import bp
from pos.reports.views.producer_papers import statement_of
from pos.web.pages import page


@bp.get("/producer/<producer_id>/statements/<statement_id>/members")
@requires("producer.home")
def producer_members(producer_id: str, statement_id: str) -> ResponseReturnValue:
    """Each member's part and pay, for the phone."""
    found = statement_of(producer_id, statement_id)
    return page(
        "reports/producer/members.html", producer=queries.get_producer(db.session(), producer_id), found=found,
        body=found.body, annex=members_of(db.session(), found.statement), tab="statements",
    )  # fmt: skip


@bp.get("/producer/<producer_id>/statements/<statement_id>/members-<any(parts, payouts):which>.csv")
@requires("producer.home")
def producer_members_file(producer_id: str, statement_id: str, which: str) -> ResponseReturnValue:
    """The same as a file."""
    return csv_of(statement_of(producer_id, statement_id), which)
