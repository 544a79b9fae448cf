"""A small world with one of everything an address can name: real sales through the intake, papers frozen and paid."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.access.models import DeviceLog, Grant
from pos.access.service import issue_card, make_enrol_code, revoke_device
from pos.catalogue.adapters import uploads
from pos.catalogue.models import Certificate
from pos.catalogue.service import set_price
from pos.catalogue.service.changes import ask_picture
from pos.catalogue.service.codes import print_sheet
from pos.catalogue.service.pictures import add_picture, attach_paper
from pos.catalogue.service.prices import ask_price
from pos.catalogue.service.promotions import add_bundle, add_promotion
from pos.consignment.adapters.bank_files import layouts, writer
from pos.consignment.models import Agreement, AgreementVersion, Payout, PayoutAttempt, SettlementLine, Share
from pos.consignment.models.statements import StatementDocument
from pos.consignment.queries.producer_invoices import goods_by_rate
from pos.consignment.service.accounts import point_to_account
from pos.consignment.service.disputes import raise_dispute
from pos.consignment.service.exports import export_payouts
from pos.consignment.service.freezing import promise_freeze
from pos.consignment.service.notes import adjust
from pos.consignment.service.payouts import approve_statement
from pos.consignment.service.statements import freeze_statement
from pos.kernel.clock import day_bounds, now, today
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.ledger.models import JournalEntry
from pos.ledger.service.seals import seal_period
from pos.ledger.service.slips import write_slip
from pos.notices.service import add_email
from pos.payments.commands import Booked
from pos.payments.service import take_statement
from pos.places.models import Fair, Operator, Site
from pos.producers.service import add_account
from pos.receipts.models import Printer
from pos.stock.commands import Announce, Draft, DraftLine
from pos.stock.models import Document, Lot
from pos.stock.service.deliveries import announce
from pos.stock.service.documents import confirm, draft
from pos.stock.service.lots import know_lots
from pos.till.models import Flag, HeldEvent, Quarantined, SaleLine
from pos.web.images import Sent, picture_of
from tests import factories as f
from tests.access.counted import some_counts
from tests.access.opened import some_files
from tests.databases import SECRET
from tests.reports.market import Market, a_market
from tests.tablet.device import Device

GOODS_FILE = "Tên sản phẩm,Chủ thể,Đơn vị tính,Giá bán\nPhấn hoa,HTX Mật ong Ba Vì,hũ,90000\n"


def a_world(app: Flask) -> Market:
    """The market, sold at, settled, doubted; with the people the market does not need."""
    market = a_market(app)
    ids, shop = market.ids, market.devices["shop"]
    with unit_of_work() as session:
        gifts, village = ids["gifts"], ids["village"]
        more = {
            "bookkeeper": f.a_person(session, "bookkeeper", "operator", gifts, "Kế toán Quà"),
            "other bookkeeper": f.a_person(session, "bookkeeper", "operator", village, "Kế toán Làng"),
            "other supervisor": f.a_person(session, "supervisor", "operator", village, "Trưởng quầy Làng"),
            "other auditor": f.a_person(session, "auditor", "operator", village, "Kiểm toán Làng"),
            "city": f.a_person(session, "city_office", name="Văn phòng"),
        }
        market.people |= {who: person.id for who, person in more.items()}
        session.add(
            Printer(
                id=new_id(),
                operator_id=gifts,
                scope_kind="site",
                scope_id=ids["shop"],
                name="In",
                host="127.0.0.1",
                drawer=True,
            )
        )
        own = f.a_producer(session, "HTX Một Nhà")
        f.an_agreement(session, session.get_one(Operator, gifts), own)
        stands = f.a_person(session, "producer", "producer", own.id, "Bà Một")
        issue_card(session, stands.id, by=market.people["manager"], at=now())
        ids |= {"own maker": own.id, "own person": stands.id}
        day = today()
        gifts_off = add_promotion(
            session, operator_id=gifts, name="Giảm 5 %", kind="percent", value=500, at=now(), by=None, starts_on=day,
            ends_on=day, goods={"products": [new_id()]},
        )  # fmt: skip
        hamper = add_bundle(
            session, operator_id=gifts, name="Giỏ quà", price_vnd=120_000, at=now(),
            parts={ids["honey"]: 1_000, ids["tea"]: 1_000},
        )  # fmt: skip
        ids["picture"] = add_picture(session, ids["honey"], a_picture(), at=now(), by=None).id
        ids["change"] = ask_picture(session, ids["honey"], a_picture("red"), at=now(), by=market.people["manager"])
        held = select(Certificate.id).where(Certificate.product_id == ids["honey"])
        attach_paper(session, session.scalars(held).one(), a_picture(), at=now(), by=None)
        coming = today() + timedelta(days=2)
        set_price(
            session, operator_id=gifts, product_id=ids["tea"], price_vnd=77_000, starts_at=day_bounds(coming)[0],
            at=now(),
        )  # fmt: skip
        ids["asked"] = ask_price(
            session, operator_id=gifts, product_id=ids["tea"], price_vnd=66_000, starts_at=day_bounds(coming)[0],
            at=now(), by=None,
        ).id  # fmt: skip
        sheet = print_sheet(session, operator_id=gifts, count=65, at=now(), by=None)
        ids |= {"promotion": gifts_off.id, "bundle": hamper.id, "code sheet": sheet.id, "coming": coming.isoformat()}
        ids |= {"promotion": gifts_off.id, "bundle": hamper.id}
        counting = Draft(
            gifts, "intake", day, ("producer", ids["honey maker"]), ("site", ids["shop"]),
            (DraftLine(ids["honey"], 1_000),), producer_id=ids["honey maker"],
        )  # fmt: skip
        draft(session, counting, at=now(), by=None)
        sent = Draft(
            gifts, "transfer", day, ("site", ids["booth one"]), ("transit", ids["shop"]),
            (DraftLine(ids["honey"], 1_000),),
        )  # fmt: skip
        confirm(session, draft(session, sent, at=now(), by=None), revision=None, at=now(), by=None)
        comes = Announce(gifts, ids["honey maker"], ids["shop"], day, ((ids["honey"], 6_000),))
        ids["delivery"] = announce(session, comes, at=now(), by=None)
        lost_till = f.a_till(session, session.get_one(Site, ids["shop"]), "Quầy mất")
        lost_code = make_enrol_code(session, lost_till.id, at=now())
    long_ago = now() - timedelta(days=20)
    shop.send(shop.sale((ids["honey"], 3_000, 100_000), at=long_ago))
    last = shop.sale((ids["honey"], 1_000, 100_000), (ids["tea"], 1_000, 50_000))
    doubted = shop.sale((new_id(), 1_000, 20_000))
    changed = shop.event("drawer.open", {"reason": "đổi tiền lẻ"})
    wish = shop.event("invoice.request", {"sale": last["id"], "buyer_sha256": "a" * 64})
    owing = shop.sale(
        (ids["tea"], 1_000, 50_000),
        tenders=[
            {"id": new_id(), "kind": "owed", "amount": 30_000, "state": "seen", "customer": "khach-1"},
            {"id": new_id(), "kind": "vietqr", "amount": 20_000, "state": "shown"},
        ],
    )
    shop.send(last, doubted, changed, wish | {"private": {"buyer": {"name": "Cty Lụa"}}}, owing)
    newcomer = new_id()
    shop.send(shop.event("product.new", {"id": newcomer, "name": "Bánh mới", "price": 30_000}))
    shop.send(shop.event("cash.move", {}) | {"hash": "0" * 64})  # not to be read: quarantined
    lost = Device(app.test_client())
    lost.enrol(lost_code)
    with unit_of_work() as session:
        log_id = session.scalars(select(DeviceLog.id).where(DeviceLog.till_id == lost_till.id)).one()
        revoke_device(session, log_id, "mất máy", by=market.people["manager"], at=now())
    lost.send(lost.open())
    with unit_of_work() as session:
        ids["statement"] = freeze_statement(
            session, gifts, ids["honey maker"], today() - timedelta(days=15), run_on=today(), at=now(),
            by=market.people["bookkeeper"],
        )  # fmt: skip
        lines = select(SettlementLine.id).where(SettlementLine.producer_id == ids["honey maker"])
        first, ids["line"] = session.scalars(lines.order_by(SettlementLine.seq)).all()[:2]
        long_past = today() - timedelta(days=400)
        ids["freezing"] = promise_freeze(
            session, gifts, [ids["bowl maker"]], long_past, run_on=long_past, at=now(), by=None
        )
        ids["dispute"] = raise_dispute(session, ids["honey maker"], first, kind="price", at=now())
        know_lots(session, gifts, {(ids["honey"], ids.setdefault("apart", new_id())): None})
        ids["address"] = add_email(session, ids["honey maker"], "hoa@example.vn", language="vi", at=now(), by=None).id
        ids |= some_counts(session, site_id=ids["shop"], product_id=ids["honey"], by=market.people["manager"])
    send_a_payout(market)
    with unit_of_work() as session:
        ids["slip"] = write_slip(
            session, ids["gifts"], "in", amount_vnd=1_000, what="owed_payment", day=today(), source_kind="owed_payment",
            source_id=new_id(), at=now(), by=None,
        ).id  # fmt: skip
        month = today().replace(day=1) - timedelta(days=1)
        ids["seal"] = seal_period(
            session, ids["gifts"], "month", from_on=month.replace(day=1), until_on=month, at=now(), by=None
        ).id
    with unit_of_work() as session:
        said = Booked(1, today(), 1_000, "CHUYEN TIEN", None, None)
        _, (unknown,) = take_statement(session, gifts, b"x", [said], name="x", layout="generic", at=now(), by=None)
        ids["bank line"] = unknown.id
    read = db.session()
    ids |= {
        "sale": last["id"],
        "entry": read.scalars(select(JournalEntry.id).where(JournalEntry.source_id == last["id"])).one(),
        "shift": shop.shift,
        "lost device": log_id,
        "device": read.scalars(select(DeviceLog.id).where(DeviceLog.till_id == shop.till["id"])).one(),
        "quarantined": read.scalars(select(Quarantined.id)).one(),
        "held event": read.scalars(select(HeldEvent.id)).one(),
        "receipt no": last["body"]["receipt_no"],
        "control": changed["id"],
        "invoice": wish["id"],
        "till": shop.till["id"],
        "goods rate": "{}:{}".format(*next(iter(goods_by_rate(read, [ids["statement"]])[ids["statement"]]))),
        "share": read.scalars(select(Share.id).where(Share.event_id == last["id"]).limit(1)).one(),
        "flags": str(read.scalar(select(func.count(Flag.id)).where(Flag.operator_id == ids["gifts"]))),
        "upload": uploads.keep(
            Path(app.instance_path) / "imports",
            GOODS_FILE.encode(),
            {"name": "hang.csv", "operator": ids["gifts"], "by": market.people["manager"]},
        ),
        **some_files(Path(app.instance_path), ids["gifts"], market.people["manager"]),
        "digest": read.scalars(
            select(StatementDocument.sha256).where(StatementDocument.statement_id == ids["statement"])
        ).one(),
        "terms": read.scalars(
            select(AgreementVersion.id)
            .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
            .where(Agreement.operator_id == ids["gifts"], Agreement.producer_id == ids["honey maker"])
            .limit(1)
        ).one(),
        "flag": read.scalars(select(Flag.id).where(Flag.event_id == doubted["id"]).limit(1)).one(),
        "nobodys": (nobodys := str(doubted["body"]["lines"][0]["product"])),
        "nobodys line": f"{doubted['id']}:1",
        "nobodys name": read.scalars(select(SaleLine.name).where(SaleLine.product_id == nobodys)).one(),
        "intake": read.scalars(
            select(Document.id).where(Document.state == "confirmed", Document.kind == "intake")
        ).one(),
        "lot": read.scalars(select(Lot.id).where(Lot.product_id == ids["honey"], Lot.made_itself).limit(1)).one(),
        "draft": read.scalars(select(Document.id).where(Document.state == "draft")).one(),
        "certificate": read.scalars(select(Certificate.id).where(Certificate.product_id == ids["honey"])).one(),
        "newcomer": newcomer,
        "printer": read.scalars(select(Printer.id)).one(),
        "organizer": read.scalars(select(Fair.organizer_id).where(Fair.id == ids["fair"])).one(),
        "grant": read.scalars(select(Grant.id).where(Grant.person_id == market.people["cashier"])).one(),
    }
    ids |= {f"{who} person": id_ for who, id_ in market.people.items()}
    read.rollback()
    return market


def a_picture(colour: str = "gold") -> Sent:
    """A small picture, as the service keeps it."""
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return picture_of(out.getvalue(), "mat ong.png")


def send_a_payout(market: Market) -> None:
    """The bowl maker's adjustment, frozen, approved, sent to the bank in a file."""
    ids, gifts, maker = market.ids, market.ids["gifts"], market.ids["bowl maker"]
    long_ago = today() - timedelta(days=20)
    with unit_of_work() as session:
        account_of(session, maker)
        ids["note"] = adjust(
            session, gifts, maker, amount_vnd=50_000, day=long_ago, at=now(), by=market.people["bookkeeper"],
            reason="tem hỏng",
        )  # fmt: skip
    with unit_of_work() as session:
        made = freeze_statement(session, gifts, maker, long_ago, run_on=today(), at=now(), by=None)
        approve_statement(session, made, at=now(), by=None)
        payout = session.scalars(select(Payout.id).where(Payout.statement_id == made)).one()
        generic = layouts()["generic-csv"]
        ids["bank file"] = export_payouts(
            session, gifts, [payout], layout=generic.code, ending=generic.kind, write=writer(generic), secret=SECRET,
            at=now(), by=None,
        )  # fmt: skip
        ids["attempt"] = session.scalars(select(PayoutAttempt.id).where(PayoutAttempt.payout_id == payout)).one()


def account_of(session: Session, producer_id: str) -> str:
    """Where a producer is paid to."""
    return add_account(
        session, producer_id, bank_bin="970405", bank_name="Agribank", number="12345678", holder="CHU THE",
        secret=SECRET, at=now(),
    ).id  # fmt: skip


def payable(market: Market) -> None:
    """The statement, approved, and the account its payout goes to."""
    approved(market)
    with unit_of_work() as session:
        market.ids["account"] = account_of(session, market.ids["honey maker"])
        mine = Payout.statement_id == market.ids["statement"]
        market.ids["payout"] = session.scalars(select(Payout.id).where(mine)).one()
        point_to_account(session, market.ids["payout"], market.ids["account"])


def approved(market: Market) -> None:
    """The statement, approved by the manager: ready to be paid."""
    with unit_of_work() as session:
        approve_statement(session, market.ids["statement"], at=now(), by=market.people["manager"])


def sold_long_ago(market: Market) -> None:
    """Bowls whose time to be returned is over."""
    shop = market.devices["shop"]
    shop.send(shop.sale((market.ids["bowl"], 1_000, 70_000), at=now() - timedelta(days=18)))
