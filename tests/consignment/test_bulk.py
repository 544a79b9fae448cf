"""Terms of many at once, rates by rule on their page, and a freeze of many by the outbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from pos.app import JOBS
from pos.consignment.models import AgreementVersion, CommissionRule, Statement
from pos.consignment.service import freezing
from pos.consignment.views import statements as pages
from pos.kernel.clock import now, today
from pos.kernel.db import db
from pos.outbox.service import do_one
from tests.consignment.shop import Shop
from tests.consignment.test_statements_views import ha, shop, web

__all__ = ["ha", "shop", "web"]
TOMORROW = today() + timedelta(days=1)


def test_a_change_for_many_shows_what_it_touches_and_works_forward(shop: Shop, ha: FlaskClient) -> None:
    asked = {"operator": shop.operator_id, "commission": "12,5", "starts_on": TOMORROW.isoformat()}

    page = ha.get("/agreements/bulk", query_string=asked).text

    assert page.count("→") == 2  # P2 has 12.5 already
    assert "không đổi gì" in page
    ids = re.findall(r'name="producer" value="([^"]+)"[^>]* checked', page)
    assert sorted(ids) == sorted([shop.producer("P1"), shop.producer("P3")])
    assert db.session.scalar(select(func.count()).select_from(AgreementVersion)) == 3
    assert ha.post("/agreements/bulk", data=asked | {"producer": ids}).status_code == 303
    made = db.session.scalars(select(AgreementVersion).where(AgreementVersion.starts_on == TOMORROW)).all()
    assert [(v.commission_bp, v.pay_weekday, v.made_by is None) for v in made] == [(1_250, 0, False)] * 2
    assert "đã có điều khoản" in ha.get("/agreements/bulk", query_string=asked | {"commission": "11"}).text
    late = ha.get("/agreements/bulk", query_string=asked | {"starts_on": today().isoformat()})
    assert (late.status_code, "Sớm nhất là ngày mai." in late.text) == (422, True)


def test_a_rate_of_a_product_is_written_on_its_page(shop: Shop, ha: FlaskClient) -> None:
    given = {"operator": shop.operator_id, "scope": f"product:{shop.product('P1')}", "commission": "9",
             "starts_on": TOMORROW.isoformat()}  # fmt: skip

    assert ha.post("/agreements/rates", data=given).status_code == 303

    page = ha.get("/agreements/rates", query_string={"operator": shop.operator_id}).text
    assert ("Chè Thái Nguyên" in page, "9 %" in page, "sắp tới" in page) == (True, True, True)
    assert ha.post("/agreements/rates", data=given).status_code == 422
    dear = given | {"scope": f"producer:{shop.producer('P1')}"}
    assert ha.post("/agreements/rates", data=dear).status_code == 422  # a whole producer is its agreement
    assert db.session.scalar(select(func.count()).select_from(CommissionRule)) == 1


def test_a_freeze_of_many_is_done_by_the_outbox_with_progress(
    web: Flask, shop: Shop, ha: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    monkeypatch.setattr(freezing, "AT_ONCE", 1)
    asked = {"operator": shop.operator_id, "cutoff": (today() - timedelta(days=8)).isoformat(), "all": "1"}

    where = ha.post("/statements/run", data=asked).headers["Location"]

    assert 'value="0" max="3"' in ha.get(where).text
    for done in (1, 2):
        assert do_one(JOBS, now())
        assert f'value="{done}" max="3"' in ha.get(where, headers={"HX-Request": "true"}).text
    assert do_one(JOBS, now())
    assert "/statements?" in ha.get(where).headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 3
    JOBS[freezing.KIND](  # once more, as after a crash
        {"operator": shop.operator_id, "producers": [shop.producer("P1")], "cutoff": asked["cutoff"],
         "run_on": today().isoformat(), "at": "2026-11-23T01:00:00.000Z", "by": None}
    )  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 3
