"""Who may change the register, what becomes of what others ask for, and what pictures and papers are kept."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.catalogue.models import Barcode, Certificate, CertificateFile, Picture, Product, ProductChange
from pos.catalogue.queries.changes import list_of_product
from pos.kernel.clock import today
from pos.kernel.db import db, unit_of_work
from pos.kernel.errors import Invalid
from pos.web.images import paper_of, picture_of
from tests import factories as f

NEW = {"name": "Mật ong hoa nhãn Ba Vì", "unit": "hũ", "commune": "Ba Vì", "kind": "mat"}


class Village:
    """Two operators sell a starred honey; only ours sells a tea nobody certified."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with unit_of_work() as session:
            ours, theirs = f.an_operator(session), f.an_operator(session, "HTX Bên kia")
            maker = f.a_producer(session)
            self.ours, self.maker = ours.id, maker.id
            self.honey = f.a_product(session, maker, ours, theirs, stars=4, until=today() + timedelta(days=40)).id
            self.tea = f.a_product(session, maker, ours, name="Chè búp", kind="che").id
            self.people = {
                "manager": f.a_person(session, "manager", "operator", ours.id, "Quản lý").id,
                "other manager": f.a_person(session, "manager", "operator", theirs.id, "Quản lý khác").id,
                "city": f.a_person(session, "city_office", name="Văn phòng").id,
                "producer": f.a_person(session, "producer", "producer", maker.id, "Bà Hoa").id,
                "other producer": f.a_person(
                    session, "producer", "producer", f.a_producer(session, "Gốm").id, "Ông Gốm"
                ).id,
                "auditor": f.a_person(session, "auditor", "operator", ours.id, "Kiểm toán").id,
            }

    def as_(self, who: str) -> FlaskClient:
        return f.logged_in(self.app.test_client(), self.people[who])

    def name(self, product_id: str) -> str:
        db.session.rollback()
        return db.session().get_one(Product, product_id).name

    def change(self) -> ProductChange:
        db.session.rollback()
        return db.session().scalars(select(ProductChange).order_by(ProductChange.made_at.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def village(app: Flask) -> Village:
    return Village(app)


def a_jpeg(*, exif: bool = False, size: tuple[int, int] = (1600, 900)) -> bytes:
    out, picture = io.BytesIO(), Image.new("RGB", size, "gold")
    about = Image.Exif()
    if exif:
        about[0x0112], about[0x010F] = 6, "Máy ảnh có GPS"  # lying on its side
    picture.save(out, "JPEG", exif=about)
    return out.getvalue()


def a_bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("who", "product", "status", "named"),
    [
        ("city", "honey", 303, True),
        ("manager", "honey", 303, False),  # asks
        ("other manager", "tea", 303, False),  # the tea is the first operator's own business
        ("manager", "tea", 303, True),
        ("auditor", "honey", 403, False),
        ("other producer", "honey", 403, False),
    ],
)
def test_who_may_change_a_name(village: Village, who: str, product: str, status: int, named: bool) -> None:
    product_id = getattr(village, product)
    answer = village.as_(who).post(f"/products/{product_id}", data=NEW | {"name": "Tên mới"})

    assert (answer.status_code, village.name(product_id) == "Tên mới") == (status, named)
    waiting = db.session().scalars(select(ProductChange.state)).all()
    assert waiting == ([] if status == 403 else ["accepted" if named else "open"])


def test_a_change_asked_for_is_accepted_or_refused_once(village: Village) -> None:
    manager, city = village.as_("manager"), village.as_("city")
    manager.post(f"/products/{village.honey}", data=NEW)
    manager.post(f"/products/{village.honey}", data=NEW)  # a second tap asks nothing more
    change = village.change()
    assert len(db.session().scalars(select(ProductChange.id)).all()) == 1
    page = city.get("/products/changes").get_data(as_text=True)
    assert "<del>Mật ong hoa nhãn</del>" in page
    assert "<ins>Mật ong hoa nhãn Ba Vì</ins>" in page

    assert city.post(f"/products/changes/{change.id}/refuse", data={"reason": " "}).status_code == 422
    assert village.as_("other producer").post(f"/products/changes/{change.id}/accept").status_code == 404
    assert manager.post(f"/products/changes/{change.id}/accept").status_code == 403
    assert village.as_("producer").post(f"/products/changes/{change.id}/accept").status_code == 303
    assert village.name(village.honey) == "Mật ong hoa nhãn Ba Vì"
    assert city.post(f"/products/changes/{change.id}/refuse", data={"reason": "trễ"}).status_code == 422
    assert [c.made_by for c in list_of_product(db.session(), village.honey)] == ["Quản lý"]


def test_a_change_of_what_changed_since_is_not_made(village: Village) -> None:
    village.as_("manager").post(f"/products/{village.honey}", data=NEW)
    asked = village.change().id
    village.as_("city").post(f"/products/{village.honey}", data=NEW | {"name": "Mật ong nhãn"})

    answer = village.as_("city").post(f"/products/changes/{asked}/accept")

    assert answer.status_code == 422
    assert "đã đổi khác" in answer.get_data(as_text=True)
    assert village.name(village.honey) == "Mật ong nhãn"


def test_a_gtin_is_the_registers_and_an_own_code_the_offers(village: Village) -> None:
    manager = village.as_("manager")
    offer = {"operator": village.ours, "offered": "1"}
    for code, own in (("8938505974194", ""), ("2900000000018", "1")):
        manager.post(f"/products/{village.honey}/offer", data=offer | {"barcode": code, "own_code": own})
    wrong = manager.post(f"/products/{village.honey}/offer", data=offer | {"barcode": "8938505974190"})

    assert wrong.status_code == 422
    assert db.session().scalars(select(Barcode.code)).all() == ["2900000000018"]
    village.as_("city").post(f"/products/changes/{village.change().id}/accept")
    db.session.rollback()
    assert sorted(db.session().scalars(select(Barcode.code))) == ["2900000000018", "8938505974194"]


def test_a_certificate_sent_in_shows_stars_once_the_office_accepts(village: Village) -> None:
    form: dict[str, object] = {
        "product_id": village.honey, "stars": "5", "valid_from": today().isoformat(), "decision_no": "1/QĐ-BNN",
        "file": (io.BytesIO(b"%PDF-1.4\n...\n%%EOF\n"), "giay.pdf"),
    }  # fmt: skip
    assert village.as_("manager").post("/certificates/new", data=form).status_code == 303
    asked = village.change().id
    assert len(db.session().scalars(select(Certificate.id)).all()) == 1
    assert village.as_("producer").post(f"/products/changes/{asked}/accept").status_code == 404  # not one's own stars

    assert village.as_("city").post(f"/products/changes/{asked}/accept").status_code == 303
    db.session.rollback()
    paper = db.session().scalars(select(CertificateFile)).one()
    assert (paper.kind, paper.name, paper.data[:5]) == ("pdf", "giay.pdf", b"%PDF-")
    shown = village.as_("city").get(f"/certificates/{paper.certificate_id}/paper")
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert 'class="stars x5"' in village.as_("manager").get(f"/products/{village.honey}").get_data(as_text=True)


def test_a_picture_is_made_anew_without_what_the_camera_adds() -> None:
    sent = picture_of(a_jpeg(exif=True), "../../ảnh.jpg")
    large, small = (Image.open(io.BytesIO(data)) for data in (sent.data, sent.small or b""))

    assert (large.format, large.size, small.size, sent.name) == ("WEBP", (720, 1280), (180, 320), "ảnh.jpg")
    assert dict(large.getexif()) == {}


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: picture_of(a_bomb()), "photo.not_a_picture"),
        (lambda: picture_of(b"GIF89a" + b"\0" * 50), "photo.not_a_picture"),
        (lambda: picture_of(a_jpeg()[:900]), "photo.not_a_picture"),
        (lambda: picture_of(b"\0" * (8 * 1024 * 1024 + 1)), "picture.too_large"),
        (lambda: paper_of(b"%PDF-1.4 cut off"), "paper.kind"),
        (lambda: paper_of(b"<html>"), "paper.kind"),
        (lambda: paper_of(a_bomb()), "paper.kind"),
        (lambda: paper_of(b"%PDF-" + b"\0" * (5 * 1024 * 1024) + b"%%EOF"), "paper.too_large"),
    ],
)
def test_what_is_no_picture_is_refused(make: Callable[[], object], code: str) -> None:
    with pytest.raises(Invalid) as trouble:
        make()
    assert trouble.value.code == code


def test_pictures_on_the_page_and_one_asked_for(village: Village) -> None:
    for who in ("city", "manager"):
        data = {"picture": (io.BytesIO(a_jpeg(size=(64, 48 if who == "city" else 64))), "a.jpg")}
        assert village.as_(who).post(f"/products/{village.honey}/pictures", data=data).status_code == 303
    kept = db.session().scalars(select(Picture)).one()
    seen = village.as_("producer").get(f"/pictures/{kept.id}.webp?small=1")
    assert (seen.status_code, seen.mimetype, seen.data[8:12]) == (200, "image/webp", b"WEBP")
    bad = village.as_("manager").post(
        f"/products/{village.honey}/pictures", data={"picture": (io.BytesIO(b"nope"), "x")}
    )
    assert bad.status_code == 422
    assert "không phải ảnh" in bad.get_data(as_text=True)

    waiting = db.session().scalars(select(ProductChange.id).where(ProductChange.state == "open")).one()
    village.as_("producer").post(f"/products/changes/{waiting}/accept")
    db.session.rollback()
    assert len(db.session().scalars(select(Picture.id)).all()) == 2


def test_the_city_office_reads_its_register_at_a_glance(village: Village, session: Session) -> None:
    with unit_of_work() as work:
        maker = f.a_producer(work, "HTX Hết hạn")
        f.a_product(work, maker, name="Rau khô", stars=3, until=today() - timedelta(days=9))
        gone = f.a_product(work, maker, name="Trà sen", stars=3, until=date(2030, 1, 1)).id
    certificate = session.scalars(select(Certificate.id).where(Certificate.product_id == gone)).one()
    city = village.as_("city")
    assert city.post(f"/certificates/{certificate}/revoke", data={"reason": "QĐ 9"}).status_code == 303

    def listed(query: str) -> list[str]:
        page = city.get(f"/certificates/?{query}").get_data(as_text=True)
        return [name for name in ("Mật ong hoa nhãn", "Rau khô", "Trà sen") if f"<b>{name}</b>" in page]

    assert {q: listed(q) for q in ("", "state=60", "state=30", "state=past", "state=revoked", "stars=3", "q=rau")} == {
        "": ["Mật ong hoa nhãn", "Rau khô", "Trà sen"], "state=60": ["Mật ong hoa nhãn"], "state=30": [],
        "state=past": ["Rau khô"], "state=revoked": ["Trà sen"], "stars=3": ["Rau khô", "Trà sen"],
        "q=rau": ["Rau khô"],
    }  # fmt: skip
    told = city.get("/certificates/reminders?days=60").get_data(as_text=True)
    assert [words in told for words in ("còn 40 ngày", "đã hết 9 ngày", "Trà sen")] == [True, True, False]
