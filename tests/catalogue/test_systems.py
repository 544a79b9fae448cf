"""Lists of other systems: known by their titles, their supplier or brand a producer once a person has said who."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.imports import read_file
from pos.catalogue.models import Product
from pos.catalogue.queries.makers import Guess, guess_makers
from pos.kernel.db import db
from pos.producers.models import Producer
from tests import factories as f
from tests.reports.market import Market, a_market
from tests.reports.test_producer import words_of

SAMPLES = Path(__file__).parent / "samples"
COLUMN = {"kiotviet": "Thương hiệu", "sapo": "Nhãn hiệu", "loyverse": "Supplier", "excel": "Nhà cung cấp"}
NAME = {"kiotviet": "KiotViet", "sapo": "Sapo", "loyverse": "Loyverse", "excel": "Excel"}


@pytest.mark.parametrize("system", sorted(COLUMN))
def test_a_list_of_another_system_is_read(system: str) -> None:
    read = read_file((SAMPLES / f"{system}.csv").read_bytes(), f"{system}.csv")

    assert (read.problems, read.system, read.guessed) == ([], NAME[system], COLUMN[system])
    tea, bowl = read.good
    assert (tea.facts.name, tea.producer, tea.price_vnd, tea.cost_vnd) == (
        "Chè đinh Tân Cương", "Cty TNHH Chè Hảo Đạt", 185_000, 120_000,
    )  # fmt: skip
    assert tea.barcodes == (() if system == "excel" else ("8935049501404",))
    assert (bowl.facts.name, bowl.producer, bowl.price_vnd, bowl.cost_vnd) == (
        "Bát men lam", "Gốm Bát Tràng", 89_000, 52_000,
    )  # fmt: skip


def test_our_own_lists_are_not_guessed_at() -> None:
    read = read_file("Tên sản phẩm,Chủ thể,Thương hiệu\nChè,HTX Một,Hiệu Hai\n".encode(), "hang.csv")

    assert (read.good[0].producer, read.system, read.guessed) == ("HTX Một", "", "")


def test_suppliers_are_guessed_by_name_without_legal_forms(session: Session) -> None:
    for name in ("Hợp tác xã chè Hảo Đạt", "Gốm Bát Tràng"):
        f.a_producer(session, name)

    assert guess_makers(session, ["Cty TNHH Chè Hảo Đạt", "Cty TNHH Chè Hảo Đạt", "gốm bát tràng", "Ai đó"]) == [
        Guess("Cty TNHH Chè Hảo Đạt", 2, "Hợp tác xã chè Hảo Đạt", False),
        Guess("gốm bát tràng", 1, "Gốm Bát Tràng", True),
        Guess("Ai đó", 1, "Ai đó", False),
    ]


@pytest.fixture
def market(app: Flask, tmp_path: Path) -> Market:
    app.instance_path = str(tmp_path)
    return a_market(app)


def test_a_person_confirms_who_they_are_before_anything_else(market: Market) -> None:
    client = market.as_("manager")
    file = (io.BytesIO((SAMPLES / "kiotviet.csv").read_bytes()), "kiotviet.csv")
    url = client.post("/products/import", data={"file": file}, content_type="multipart/form-data").location

    asked = words_of(client.get(url).get_data(as_text=True))
    early = client.post(url)
    form = {"said": ["Cty TNHH Chè Hảo Đạt", "Gốm Bát Tràng"], "producer": ["HTX Mật ong Ba Vì", "Gốm Bát Tràng"]}
    told = client.post(f"{url}/makers", data=form)
    shown = words_of(client.get(url).get_data(as_text=True))
    client.post(url)

    assert "KiotViet" in asked
    assert "Chủ thể là ai?" in asked
    assert (early.location, told.location) == (url, url)
    assert "một chủ thể mới" in shown
    db.session.rollback()
    made = select(Producer.name).join(Product, Product.producer_id == Producer.id).where(
        Product.name.in_(("Chè đinh Tân Cương", "Bát men lam"))
    )  # fmt: skip
    assert sorted(db.session().scalars(made)) == ["Gốm Bát Tràng", "HTX Mật ong Ba Vì"]
