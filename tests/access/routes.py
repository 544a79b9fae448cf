"""What each address answers to whom. A new route belongs in here, or tests/access/test_every_route.py fails.

`may`: does it. `may_not`: works at the same place, in a role that may not (403). `other`: the same right at another
operator, fair or producer: `elsewhere` is 404 (existence is not told), `HIDDEN` (a page of its own things, without
what `hides` names) or `SHARED` (one register for the whole installation). Nobody: to the log-in, or 401.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from pos.kernel.clock import today
from tests.access.world import GOODS_FILE, approved, payable, sold_long_ago
from tests.reports.market import Market

HIDDEN, SHARED = 1, 2
SOON = (today() + timedelta(days=2)).isoformat()  # two: a run may cross midnight


@dataclass(frozen=True)
class Case:
    """One address and its four answers. `path` and `form` name ids of the world in braces."""

    path: str
    may: str = "manager"
    may_not: str = "cashier"
    other: str = "other manager"
    elsewhere: int = 404
    hides: str = "Hàng Bồ"
    ok: int = 200
    form: dict[str, str] = field(default_factory=dict)
    file: tuple[str, str] | None = None  # (name, text), sent as `file`
    before: Callable[[Market], None] | None = None


# Open to everybody, each for its reason.
PUBLIC = {
    "GET access.login", "POST access.enter", "POST access.leave", "GET access.home",  # the doors
    "GET access.card_link", "GET access.card", "POST access.card_enter",  # a card is worth nothing without its PIN
    "GET access.paper_door",  # names nobody and holds no key
    "GET language", "GET static",
    "GET receipts.show", "POST receipts.opened",  # only to who holds the paper
    "POST invoice.form", "POST invoice.ask",  # the same, by the pass its page gives
    "GET consignment.check",  # only to who holds the paper's fingerprint
    "GET tablet.shell", "GET tablet.display", "GET tablet.worker", "GET tablet.manifest",  # no data of anybody
    "GET tablet.file_of_build",
    "GET tablet.openapi",
    "POST till_api.enrol_device",  # by a code, five tries
    "POST start.demo_till", "POST start.start_real",  # of the demo only
}  # fmt: skip

# By a device's token, never by a cookie: (path, the answer to an own token, to another operator's).
BY_TOKEN = {
    "POST till_api.events": ("/api/till/events", 200, 200),
    "GET till_api.catalogue": ("/api/till/catalogue", 200, 200),
    "POST till_api.photo": ("/api/till/photos/" + "0" * 64, 415, 415),
    "POST till_api.rescue": ("/api/till/rescue", 400, 400),
    "POST till_display.pair_screen": ("/api/till/display", 200, 200),
    "PUT till_display.say": ("/api/till/display", 400, 400),
    "GET till_display.heard": ("/api/till/display", 401, 401),  # by the key of the QR, never by a till's token
    "DELETE till_display.end_screen": ("/api/till/display", 204, 204),
    "GET till_api.status": ("/api/till/status", 200, 200),
    "GET till_api.receipt": ("/api/till/receipts/{receipt no}", 200, 404),
    "POST till_api.kick_drawer": ("/api/till/drawer", 202, 404),
    "POST till_api.print_again": ("/api/till/receipts/{receipt no}/print", 202, 404),
}

# One's own account: whoever has a session by password; a card has none of it, and the other way round.
OWN_ACCOUNT = {
    "GET access.account": "/account",
    "POST access.account_password": "/account/password",
    "POST access.account_out": "/account/out",
}
OWN_CARD = {"GET access.card_pin": "/p/pin", "POST access.card_pin_change": "/p/pin"}

producer = partial(Case, may="honey maker", may_not="manager", other="bowl maker")
books = partial(Case, may="bookkeeper", other="other bookkeeper")
pays = partial(Case, may="bookkeeper", may_not="manager", other="other bookkeeper", ok=303)
reads = partial(Case, may="auditor", other="other auditor")
fair = partial(Case, may="organizer", may_not="manager", other="other organizer")
AGREED = "/agreements/{gifts}/{honey maker}"
TERMS = {"starts_on": SOON, "commission_bp": "12,5", "vat_on_commission_bp": "8", "return_window_days": "7",
         "min_payout_vnd": "0", "pay_weekday": "0"}  # fmt: skip
CUTOFF = (today() - timedelta(days=8)).isoformat()
COMING = {"site_id": "{shop}", "due_on": today().isoformat(), "q-{honey}": "6"}
COUNTED = {"operator_id": "{gifts}", "producer_id": "{honey maker}", "site_id": "{shop}",
           "business_date": today().isoformat(), "p-0": "{honey}", "q-0": "2", "revision": "1"}  # fmt: skip

# Of the whole installation: whoever may, may everywhere.
whole = partial(Case, may="administrator", may_not="manager", other="administrator", elsewhere=SHARED)
city = partial(Case, may="city", may_not="manager", other="city", elsewhere=SHARED)
BANK = {"bank_bin": "970405", "bank_account": "1500201234567", "bank_holder": "HTX MAU"}
OPERATOR = {"name": "Quà Hà Nội", "cash_rounding": "500", "certificate_policy": "warn",
            "close_limit": "50.000"}  # fmt: skip
FAIR = {"code": "TET", "name": "Chợ Tết", "place": "Hồ Gươm", "starts_on": SOON, "ends_on": SOON}
PRINTER = {"place": "site:{shop}", "name": "Máy in", "host": "127.0.0.1", "port": "9100", "width": "80"}
OWNERS = "/office/owners/{gifts}?product={nobodys}&name={nobodys name}"
OWNED = {"product": "{nobodys}", "name": "{nobodys name}", "producer": "own", "cost": "9.000", "reason": "chủ thể gọi",
         "line": "{nobodys line}"}  # fmt: skip

ROUTES: dict[str, Case] = {
    # people and cards
    "POST access.account_pin": Case(
        "/account/pin", "supervisor", "auditor", "other supervisor", SHARED, ok=303,
        form={"pin": "8025", "again": "8025"},
    ),
    "GET access.people": Case("/people/", elsewhere=HIDDEN, hides="Phạm Mai"),
    "GET access.people_log": Case("/people/log", elsewhere=HIDDEN, hides="Phạm Mai"),
    "GET access.people_add": Case("/people/new", may_not="auditor", elsewhere=HIDDEN),
    "POST access.people_invite": Case(
        "/people/new", may_not="auditor", ok=303,
        form={"name": "Người Mới", "role": "cashier", "where": "site:{shop}"},
    ),
    "GET access.people_one": Case("/people/{cashier person}"),
    "POST access.people_change": Case(
        "/people/{cashier person}", may_not="auditor", ok=303, form={"name": "Đỗ Thị Lan", "active": "1"}
    ),
    "POST access.people_give": Case(
        "/people/{cashier person}/grants", may_not="auditor", ok=303,
        form={"role": "supervisor", "where": "site:{shop}"},
    ),
    "POST access.people_take": Case("/people/grants/{grant}/take", may_not="auditor", ok=303),
    "POST access.people_password": Case("/people/{supervisor person}/password", may_not="auditor"),
    "POST access.people_pin": Case(
        "/people/{cashier person}/pin", may_not="auditor", ok=303, form={"pin": "8025", "again": "8025"}
    ),
    "GET access.cards": Case("/cards/", may_not="auditor", elsewhere=HIDDEN, hides="HTX Một Nhà"),
    "GET access.cards_producer": books("/cards/{own maker}"),
    "POST access.cards_issue": books("/cards/{own maker}", form={"name": "Ông Một"}),
    "POST access.cards_end": books("/cards/{own maker}/{own person}/end", ok=303),
    # places
    "GET places.sites": Case("/places/", elsewhere=HIDDEN),
    "GET places.site": Case("/places/{shop}"),
    "GET places.add_site": Case("/places/new", may_not="auditor", elsewhere=SHARED),
    "POST places.create_site": Case(
        "/places/new", may_not="auditor", ok=303,
        form={"operator_id": "{gifts}", "kind": "shop", "code": "XT1", "name": "Xuân Thủy"},
    ),
    "POST places.change_site": Case(
        "/places/{shop}", may_not="auditor", ok=303, form={"name": "Hàng Bồ 2", "active": "1"}
    ),
    "POST places.add_till": Case(
        "/places/{shop}/tills", may_not="auditor", ok=303, form={"till_code": "ZZ9", "till_name": "Quầy 9"}
    ),
    "GET places.tenders": Case("/places/tenders", ok=302, elsewhere=HIDDEN),
    "GET places.operator_tenders": Case("/places/tenders/{gifts}"),
    "POST places.change_tenders": Case(
        "/places/tenders/{gifts}", may_not="auditor", ok=303,
        form={f"place-{code}": "row" for code in ("cash", "vietqr", "card", "voucher", "owed", "producer")},
    ),
    "POST places.enrol_code": Case("/places/tills/{till}/code", may_not="supervisor"),
    "POST places.site_bank": Case("/places/{shop}/bank", may_not="auditor", ok=303, form=BANK | {"own_bank": "1"}),
    "GET places.operators": Case("/places/operators", elsewhere=HIDDEN, hides="{gifts}"),
    "GET places.operator": Case("/places/operators/{gifts}"),
    "POST places.change_operator": Case("/places/operators/{gifts}", may_not="auditor", ok=303, form=OPERATOR),
    "POST places.operator_bank": Case("/places/operators/{gifts}/bank", may_not="auditor", ok=303, form=BANK),
    "GET places.add_operator": whole("/places/operators/new"),
    "POST places.create_operator": whole("/places/operators/new", ok=303, form=OPERATOR | {"code": "MOI"}),
    "GET places.fairs": whole("/places/fairs"),
    "GET places.add_fair": whole("/places/fairs/new"),
    "POST places.create_fair": whole("/places/fairs/new", ok=303, form=FAIR | {"organizer_id": "{organizer}"}),
    "GET places.fair": whole("/places/fairs/{fair}"),
    "POST places.change_fair": whole("/places/fairs/{fair}", ok=303, form=FAIR),
    "POST places.create_organizer": whole("/places/fairs/organizers", ok=303, form={"organizer": "Quận Ba Đình"}),
    "GET printers.printers": Case("/office/printers", elsewhere=HIDDEN, hides="{printer}"),
    "GET printers.add": Case("/office/printers/new", may_not="auditor", elsewhere=HIDDEN, hides="{shop}"),
    "POST printers.create": Case("/office/printers/new", may_not="auditor", elsewhere=422, ok=303, form=PRINTER),
    "GET printers.printer": Case("/office/printers/{printer}"),
    "GET printers.state": Case("/office/printers/{printer}/state"),
    "POST printers.change": Case("/office/printers/{printer}", may_not="auditor", ok=303, form=PRINTER),
    "POST printers.test": Case("/office/printers/{printer}/test", may_not="auditor", ok=303),
    # the register of producers and products is one for the installation
    "GET producers.producers": Case("/producers/", elsewhere=SHARED),
    "GET producers.producer": Case("/producers/{honey maker}", elsewhere=SHARED),
    "GET producers.add": Case("/producers/new", may_not="auditor", elsewhere=SHARED),
    "POST producers.create": Case(
        "/producers/new", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"name": "HTX Mới", "kind": "coop", "tax_method": "direct"},
    ),
    "POST producers.change": Case(
        "/producers/{honey maker}", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"name": "HTX Ong", "kind": "coop", "tax_method": "direct"},
    ),
    "POST producers.add_account": Case(
        "/producers/{honey maker}/accounts", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"bank_name": "Agribank", "bank_bin": "970405", "number": "1234567894417", "holder": "HTX"},
    ),
    "GET catalogue.pins": Case("/products/{honey}/pins", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.pins_change": Case(
        "/products/{honey}/pins", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"operator": "{gifts}", "site": "{shop}"},
    ),
    "GET reports.codes": Case("/office/codes", may_not="auditor", elsewhere=SHARED),
    "POST reports.link_code": Case(
        "/office/codes", may_not="auditor", ok=404, form={"operator": "{gifts}", "product": "{honey}", "code": "1"}
    ),
    "GET reports.photo": Case("/office/photos/{gifts}/" + "0" * 64, ok=404),
    "GET reports.movements": reads("/office/goods", elsewhere=HIDDEN),
    "GET catalogue.products": Case("/products/", elsewhere=SHARED),
    "GET catalogue.product": Case("/products/{honey}", elsewhere=SHARED),
    "GET catalogue.product_add": Case("/products/new", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.product_create": Case(
        "/products/new", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"producer_id": "{honey maker}", "name": "Phấn hoa", "unit": "hũ"},
    ),
    "POST catalogue.product_change": Case(
        "/products/{honey}", may_not="auditor", elsewhere=SHARED, ok=303, form={"name": "Mật ong rừng", "unit": "hũ"}
    ),
    "POST catalogue.offer_change": Case(
        "/products/{tea}/offer", may_not="auditor", elsewhere=SHARED, ok=303,  # of its own operator, whichever is asked
        form={"operator": "{gifts}", "offered": "1", "price": "55.000"},
    ),
    "GET catalogue.product_import": Case("/products/import", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.product_import_read": Case(
        "/products/import", may_not="auditor", elsewhere=SHARED, ok=303, file=("hang.csv", GOODS_FILE)
    ),
    "GET catalogue.product_import_look": Case("/products/import/{upload}", may_not="auditor"),
    "POST catalogue.product_import_apply": Case("/products/import/{upload}", may_not="auditor", ok=303),
    "GET catalogue.product_import_problems": Case("/products/import/{upload}/problems.csv", may_not="auditor"),
    "GET catalogue.product_import_sample": Case("/products/import/sample.csv", may_not="auditor", elsewhere=SHARED),
    "GET catalogue.product_export": Case("/products/export.csv", elsewhere=SHARED),  # of the operator within reach
    "POST catalogue.product_import_makers": Case(
        "/products/import/{upload}/makers", may_not="auditor", ok=303, form={"said": "a", "producer": "b"}
    ),
    "GET catalogue.product_import_progress": Case("/products/import/{upload}/progress", may_not="auditor", ok=303),
    "GET catalogue.product_imports": Case("/products/imports", may_not="auditor", elsewhere=HIDDEN, hides="cũ.csv"),
    "GET catalogue.product_imported": Case("/products/imports/{import}", may_not="auditor"),
    "POST catalogue.product_import_undo": Case("/products/imports/{import}/undo", may_not="auditor", ok=303),
    "GET consignment.golive": Case("/golive", may_not="auditor", elsewhere=HIDDEN, hides="cũ.xlsx"),
    "GET consignment.golive_sample": Case("/golive/template.xlsx", may_not="auditor", elsewhere=SHARED),
    "POST consignment.golive_read": Case(
        "/golive", may_not="auditor", ok=303, form={"operator": "{gifts}"}, file=("mo-so.xlsx", "không phải xlsx")
    ),
    "GET consignment.golive_look": Case("/golive/look/{workbook}", may_not="auditor"),
    "GET consignment.golive_progress": Case(
        "/golive/look/{workbook}/progress", may_not="auditor", ok=303, elsewhere=303
    ),
    "GET consignment.golive_problems": Case("/golive/look/{workbook}/problems.csv", may_not="auditor"),
    "POST consignment.golive_apply": Case("/golive/look/{workbook}", may_not="auditor", ok=303),
    "GET consignment.golive_opened": Case("/golive/{golive}", may_not="auditor"),
    "POST consignment.golive_undo": Case("/golive/{golive}/undo", may_not="auditor", ok=303),
    "GET places.labels": Case("/places/operators/{gifts}/labels"),
    "POST places.change_labels": Case(
        "/places/operators/{gifts}/labels", may_not="auditor", ok=303, form={"patterns": "21IIIIIPPPPPK"}
    ),
    "GET catalogue.promotions": Case("/promotions/", elsewhere=HIDDEN, hides="{gifts}"),
    "GET catalogue.promotion_add": Case("/promotions/new", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.promotion_create": Case(
        "/promotions/new", may_not="auditor", elsewhere=SHARED, ok=303,  # for its own operator, whichever is asked
        form={"operator": "{gifts}", "name": "Giờ vàng", "kind": "percent", "value": "10", "goods_kind": "all",
              "starts_on": SOON, "ends_on": SOON},
    ),
    "POST catalogue.promotion_stop": Case("/promotions/{promotion}/stop", may_not="auditor", ok=303),
    "GET catalogue.bundle_add": Case("/promotions/bundle", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.bundle_create": Case(
        "/promotions/bundle", may_not="auditor", elsewhere=SHARED, ok=422,  # nobody sells number 9999
        form={"operator": "{gifts}", "name": "Giỏ Tết", "price": "200.000", "parts": "9998\n9999"},
    ),
    "POST catalogue.bundle_stop": Case("/promotions/bundle/{bundle}/stop", may_not="auditor", ok=303),
    "POST catalogue.product_price": Case(
        "/products/{tea}/price", may_not="auditor", ok=303, elsewhere=422,
        form={"operator": "{gifts}", "price": "56.000", "consent": "own"},
    ),
    "POST catalogue.product_price_cancel": Case("/prices/{asked}/cancel", may_not="auditor", ok=303),
    "GET catalogue.product_merge": city("/products/{honey}/merge"),
    "POST catalogue.product_merge_do": city("/products/{honey}/merge", ok=422, form={"into": "{tea}"}),  # other unit
    "GET catalogue.own_goods": producer("/producer/{honey maker}/register"),
    "POST catalogue.own_price": producer("/producer/{honey maker}/prices/{asked}/yes", ok=303),
    "POST catalogue.own_change": producer("/producer/{honey maker}/changes/{change}/accept", ok=303),
    "GET catalogue.own_change_file": producer("/producer/{honey maker}/changes/{change}/file"),
    "GET catalogue.own_product": producer("/producer/{honey maker}/register/{honey}"),
    "POST catalogue.own_product_change": producer(
        "/producer/{honey maker}/register/{honey}", ok=303, form={"name": "Mật ong rừng"}
    ),
    "GET catalogue.labels": Case("/labels/", elsewhere=HIDDEN),
    "GET catalogue.label_sheet": Case("/labels/sheet.pdf?kind=shelf&n-{tea}=1", elsewhere=422),
    "GET catalogue.label_coming": Case(
        "/labels/coming?day={coming}&operator={gifts}", elsewhere=HIDDEN, hides="77.000"
    ),
    "GET catalogue.codes": Case("/codes/", may_not="auditor", elsewhere=HIDDEN, hides="{gifts}"),
    "POST catalogue.codes_print": Case(
        "/codes/", may_not="auditor", ok=303, form={"count": "65", "operator": "{gifts}"}, elsewhere=SHARED
    ),
    "GET catalogue.codes_sheet": Case("/codes/{code sheet}.pdf", may_not="auditor"),
    "POST catalogue.codes_give": Case(
        "/codes/give", may_not="auditor", ok=303, elsewhere=422, form={"code": "2900000000018", "product": "{tea}"}
    ),
    "POST catalogue.code_mint": Case("/products/{tea}/code", may_not="auditor", ok=303, elsewhere=422),
    "GET catalogue.vat_cuts": Case("/vat-cuts", elsewhere=SHARED),
    "POST catalogue.vat_cut_add": whole(
        "/vat-cuts", ok=303,
        form={"starts_on": "2041-01-01", "ends_on": "2041-06-30", "cut": "8", "full": "10", "source": "Nghị quyết"},
    ),
    "GET catalogue.certificates": Case("/certificates/", elsewhere=SHARED),
    "GET catalogue.certificate_add": Case("/certificates/new", may_not="auditor", elsewhere=SHARED),
    "POST catalogue.certificate_create": Case(
        "/certificates/new", may_not="auditor", elsewhere=SHARED, ok=303,
        form={"product_id": "{tea}", "stars": "4", "valid_from": "2026-01-01"},
    ),
    "POST catalogue.certificate_revoke": city("/certificates/{certificate}/revoke", ok=303),
    "GET catalogue.certificate_reminders": Case("/certificates/reminders", elsewhere=SHARED),
    "GET catalogue.certificate_paper": Case("/certificates/{certificate}/paper", elsewhere=SHARED),
    "POST catalogue.certificate_paper_add": city("/certificates/{certificate}/paper", ok=422),
    "GET catalogue.product_picture": Case("/pictures/{picture}.webp", elsewhere=SHARED),
    "POST catalogue.product_picture_add": Case(
        "/products/{honey}/pictures", may_not="auditor", elsewhere=SHARED, ok=422
    ),
    "POST catalogue.product_picture_change": Case(
        "/pictures/{picture}/first", may="city", may_not="auditor", other="other manager", elsewhere=403, ok=303
    ),
    "GET catalogue.product_changes": Case("/products/changes", may_not="auditor", elsewhere=HIDDEN, hides="Mật ong"),
    "GET catalogue.product_change_file": Case("/products/changes/{change}/file", may_not="auditor"),
    "POST catalogue.product_change_decide": Case(
        "/products/changes/{change}/accept", may="city", may_not="manager", other="bowl maker", ok=303
    ),
    # goods
    "GET counts.home": Case("/stock/counts/", may_not="auditor", elsewhere=HIDDEN),
    "GET counts.new": Case("/stock/counts/new", elsewhere=HIDDEN),
    "POST counts.begin": Case(
        "/stock/counts/new", ok=303, elsewhere=422,
        form={"site_id": "{shop}", "scope_kind": "producer", "producer": "{honey maker}"},
    ),
    "GET counts.show": Case("/stock/counts/{count}", may_not="auditor"),
    "GET counts.sheet": Case("/stock/counts/{count}/sheet", may_not="auditor"),
    "GET counts.enter": Case("/stock/counts/{count}/enter", may="cashier", may_not="auditor"),
    "POST counts.add": Case(
        "/stock/counts/{count}/entries", may="cashier", may_not="auditor", ok=303,
        form={"id": "019aa600-0000-7000-8000-0000000000aa", "product": "{honey}", "qty": "2"},
    ),
    "POST counts.void": Case("/stock/counts/{count}/entries/{count entry}/void", may_not="auditor", ok=303),
    "POST counts.end": Case("/stock/counts/{count}/end", ok=303),
    "POST counts.again": Case("/stock/counts/{count looked at}/again", ok=303),
    "POST counts.confirm": Case("/stock/counts/{count looked at}/confirm", ok=303, form={"reason": "một người"}),
    "POST counts.drop": Case("/stock/counts/{count not needed}/drop", ok=303),
    "GET consignment.count_losses": books("/losses/count/{count done}", may_not="cashier"),
    "GET stock.low": Case("/stock/low?site={shop}", elsewhere=HIDDEN),
    "POST stock.ask": Case("/stock/low", may_not="auditor", ok=422, form={"site": "{shop}"}),
    "GET stock.supply_requests": Case("/stock/requests", elsewhere=HIDDEN),
    "POST stock.supply_promise": Case("/stock/requests/{request}/promise", may_not="auditor", ok=303),
    "POST stock.supply_drop": Case("/stock/requests/{request not needed}/drop", may_not="auditor", ok=303),
    "GET stock.supply_arrival": Case("/stock/requests/{request}/arrived", may_not="auditor"),
    "POST stock.supply_arrived": Case("/stock/requests/{request}/arrived", may_not="auditor", ok=303),
    "GET stock.expiring": Case("/stock/expiring?site={shop}", elsewhere=HIDDEN),
    "GET stock.negative": Case("/stock/negative", elsewhere=HIDDEN),
    "GET reports.producer_wanted": producer("/producer/{honey maker}/wanted"),
    "POST reports.producer_promise": producer("/producer/{honey maker}/wanted/{request}", ok=303),
    "GET stock.levels": Case("/stock/", elsewhere=HIDDEN),
    "GET stock.deliveries": Case("/stock/deliveries", elsewhere=HIDDEN),
    "GET stock.lots": Case("/stock/lots/{gifts}/{honey}"),
    "POST stock.lot_rename": Case(
        "/stock/lots/{gifts}/{honey}/{lot}", may_not="auditor", ok=303, form={"code": "L-09", "expires_on": SOON}
    ),
    "POST stock.lot_apart": Case("/stock/lots/{gifts}/{honey}/{lot}/apart", may_not="auditor", ok=303),
    "GET consignment.lot_owners": reads("/agreements/lots/{gifts}/{honey}"),
    "POST consignment.lot_owned": Case(
        "/agreements/lots/{gifts}/{honey}/{apart}", may_not="bookkeeper", ok=303, form={"mode": "own", "cost": "70.000"}
    ),
    "GET stock.equation": Case("/stock/equation", elsewhere=HIDDEN),
    "GET stock.card": Case("/stock/card/{honey}", elsewhere=HIDDEN),
    "GET stock.under_way": Case("/stock/under-way", elsewhere=HIDDEN),
    "GET stock.documents": Case("/stock/documents", elsewhere=HIDDEN),
    "GET stock.document": Case("/stock/documents/{intake}"),
    "GET stock.document_add": Case(
        "/stock/documents/new/intake?producer_id={honey maker}", may_not="auditor", elsewhere=HIDDEN
    ),
    "POST stock.document_create": Case("/stock/documents/new/intake", may_not="auditor", ok=303, form=COUNTED),
    "POST stock.document_save": Case("/stock/documents/{draft}", may_not="auditor", ok=303, form=COUNTED),
    "POST stock.document_drop": Case("/stock/documents/{draft}/drop", may_not="auditor", ok=303),
    "POST stock.document_borne": Case(
        "/stock/documents/{intake}/borne", may_not="auditor", ok=303, form={"liability": "operator"}
    ),
    # the books
    "GET books.trial": books("/office/books?operator={gifts}"),
    "GET books.journal": books("/office/books/journal?operator={gifts}"),
    "GET books.account": books("/office/books/accounts/safe?operator={gifts}"),
    "GET books.account_parts": books("/office/books/accounts/drawer/parts?operator={gifts}"),
    "GET books.producers": books("/office/books/producers?operator={gifts}"),
    "GET books.producer": books("/office/books/producers/{honey maker}?operator={gifts}"),
    "GET books.entry": books("/office/books/entries/{entry}"),
    "GET books.invoices": books("/office/books/invoices?operator={gifts}"),
    "GET books.invoices_sheet": books("/office/books/invoices.xlsx?operator={gifts}"),
    "POST books.invoices_numbers": books(
        "/office/books/invoices?operator={gifts}", may_not="auditor", form={"numbers": "{receipt no}\t1C26MYY-7"}
    ),
    "GET books.producer_invoices": books("/office/books/producer-invoices?operator={gifts}"),
    "POST books.producer_invoice_add": books(
        "/office/books/producer-invoices/{statement}", may_not="auditor", ok=303,
        form={"rate": "{goods rate}", "symbol": "1C26TAA", "number": "7", "issued_on": today().isoformat(),
              "amount": "1.000"},
    ),
    "GET books.exports": books("/office/books/export?operator={gifts}"),
    "GET books.journal_file": books("/office/books/journal.csv?operator={gifts}&map=misa"),
    "GET books.package": books("/office/books/package.zip?operator={gifts}"),
    "GET books.slips": books("/office/books/slips?operator={gifts}"),
    "POST books.slips_number": books("/office/books/slips", may_not="auditor", ok=303, form={"operator": "{gifts}"}),
    "GET books.slip": books("/office/books/slips/{slip}"),
    "GET books.seals": books("/office/books/seals?operator={gifts}"),
    "POST books.seal_write": books(
        "/office/books/seals", may_not="auditor", ok=303,
        form={"operator": "{gifts}", "kind": "month", "month": "2026-01"},
    ),
    "GET books.seal": books("/office/books/seals/{seal}"),
    "GET books.chain": books("/office/books/chain?operator={gifts}"),
    "GET books.chain_stretch": books("/office/books/chain/stretch?operator={gifts}&after=0"),
    # the operator's day
    "GET reports.operator_home": Case("/office", "supervisor", "cashier", "other supervisor", HIDDEN),
    "GET reports.flags": Case("/office/flags", elsewhere=HIDDEN, hides="{flag}"),
    "GET reports.flag_count": Case("/office/flags/count", elsewhere=HIDDEN, hides="{flags}"),
    "POST reports.give": Case("/office/flags/{flag}/owner", may_not="auditor", ok=303, form={"owner": "me"}),
    "POST reports.close": Case("/office/flags/{flag}/close", may_not="auditor", ok=303, form={"because": "đã xem"}),
    "GET reports.sales": Case("/office/sales", elsewhere=HIDDEN, hides="{receipt no}"),
    "GET reports.shifts": Case(
        "/office/shifts", "supervisor", "cashier", "other supervisor", elsewhere=HIDDEN, hides="Quầy shop"
    ),
    "GET reports.shift": Case("/office/shifts/{shift}", "supervisor", "cashier", "other supervisor"),
    "POST reports.seal_shift": Case(
        "/office/shifts/{shift}/seal", "bookkeeper", "supervisor", "other bookkeeper", ok=422, form={"reason": "mất"}
    ),  # that shift does not wait
    "GET reports.sale": Case("/office/sales/{sale}", "supervisor", "cashier", "other supervisor"),
    "POST reports.reprint": Case("/office/sales/{sale}/print", may_not="auditor", ok=303),
    "GET reports.control": Case(
        "/office/control?by=till", "supervisor", "cashier", "other supervisor", HIDDEN, hides="Quầy shop"
    ),
    "GET reports.control_notes": Case("/office/control/notes", elsewhere=HIDDEN, hides="đổi tiền lẻ"),
    "GET reports.control_event": Case("/office/control/event/{control}/1"),
    "GET reports.control_file": Case("/office/control.csv?by=till", elsewhere=HIDDEN, hides="Quầy shop"),
    "GET till.invoices": Case("/office/invoices", elsewhere=HIDDEN, hides="{receipt no}"),
    "GET till.invoice": Case("/office/invoices/{invoice}"),
    "POST till.invoice_buyer": Case("/office/invoices/{invoice}/buyer", may_not="auditor"),
    "POST till.invoice_done": Case("/office/invoices/{invoice}/done", may_not="auditor", ok=303, form={"number": "7"}),
    "POST till.invoice_erase": Case("/office/invoices/{invoice}/erase", may_not="auditor", ok=303),
    "POST till.invoices_file": Case("/office/invoices.csv", may_not="auditor", elsewhere=HIDDEN, hides="{receipt no}"),
    # the tablets: devices, held, quarantine
    "GET till.devices": Case("/office/devices", elsewhere=HIDDEN),
    "GET till.device": Case("/office/devices/{device}"),
    "GET till.sticker": Case("/office/devices/{device}/sticker"),
    "POST till.revoke": Case(
        "/office/devices/{device}/revoke", may_not="bookkeeper", ok=303, form={"reason": "mất máy"}
    ),
    "GET till.stolen": Case("/office/devices/{device}/stolen", may_not="bookkeeper"),
    "POST till.report_stolen": Case(
        "/office/devices/{device}/stolen", may_not="bookkeeper", ok=303, form={"reason": "mất ở gian"}
    ),
    "POST till.rescue": Case("/office/devices/{device}/rescue", may_not="bookkeeper", ok=422, form={}),
    "GET till.held": Case("/office/held", may_not="auditor", elsewhere=HIDDEN),
    "GET till.held_device": Case("/office/held/{lost device}", may_not="auditor"),
    "POST till.accept": Case(
        "/office/held/{lost device}/accept", may_not="bookkeeper", ok=303, form={"event": "{held event}"}
    ),
    "GET till.quarantine": Case("/office/quarantine", may_not="auditor", elsewhere=HIDDEN),
    "GET till.quarantined": Case("/office/quarantine/{quarantined}", "bookkeeper", "auditor", "other bookkeeper"),
    "POST till.repair": Case("/office/quarantine/{quarantined}", may_not="bookkeeper", ok=422, form={"text": "{}"}),
    # goods nobody could name
    "GET till.owners": Case("/office/owners", elsewhere=HIDDEN, hides="{nobodys}"),
    "GET till.owner": Case(OWNERS),
    "POST till.owner_plan": books("/office/owners/{gifts}/plan", may_not="auditor", form=OWNED),
    "POST till.owner_assign": books("/office/owners/{gifts}", may_not="auditor", ok=303, form=OWNED),
    "GET till.goods": Case("/office/new-goods", elsewhere=HIDDEN, hides="Bánh mới"),
    "GET till.goods_one": Case("/office/new-goods/{newcomer}", may_not="auditor"),
    "POST till.goods_complete": Case(
        "/office/new-goods/{newcomer}", may_not="auditor", ok=303,
        form={"producer_id": "{honey maker}", "name": "Bánh mới", "unit": "gói", "price": "30.000"},
    ),
    "POST till.goods_merge": Case(
        "/office/new-goods/{newcomer}/merge", may_not="auditor", ok=303, form={"merge": "{honey}"}
    ),
    # money on its way
    "GET money.owed": Case("/office/owed", may_not="auditor", elsewhere=HIDDEN, hides="Quà Hà Nội"),
    "GET money.customer": Case("/office/owed/{gifts}/khach-1", may_not="auditor"),
    "POST money.pay": Case(
        "/office/owed/{gifts}/khach-1", may_not="auditor", ok=303,
        form={"into": "bank", "amount": "1.000", "business_date": today().isoformat()},
    ),
    "GET money.transfers": Case("/office/transfers", elsewhere=HIDDEN),
    # safes
    "GET ledger.safes": Case("/office/safe", elsewhere=HIDDEN),
    "POST ledger.fund": Case(
        "/office/safe", may_not="auditor", elsewhere=422, ok=303,
        form={"site_id": "{shop}", "amount": "5.000.000", "business_date": today().isoformat()},
    ),
    # terms and statements
    "GET consignment.agreements_list": reads("/agreements", elsewhere=HIDDEN, hides="{gifts}"),
    "GET consignment.agreement": reads(AGREED),
    "GET consignment.agreement_pdf": reads(f"{AGREED}/{{terms}}.pdf"),
    "GET consignment.bulk": Case("/agreements/bulk?operator={gifts}", may_not="bookkeeper"),
    "POST consignment.bulk_apply": Case(
        "/agreements/bulk", may_not="bookkeeper", ok=303,
        form={"operator": "{gifts}", "commission": "12", "starts_on": SOON, "producer": "{honey maker}"},
    ),
    "GET consignment.rates": reads("/agreements/rates?operator={gifts}"),
    "POST consignment.rate_new": Case(
        "/agreements/rates", may_not="bookkeeper", ok=303,
        form={"operator": "{gifts}", "scope": "product:{honey}", "commission": "12", "starts_on": SOON},
    ),
    "GET consignment.freezing": reads("/statements/run/{freezing}"),
    "POST consignment.example": reads(f"{AGREED}/example", ok=303, form=TERMS),
    "POST consignment.new_version": Case(AGREED, may_not="bookkeeper", ok=303, form=TERMS),
    "POST consignment.goods_terms": Case(
        f"{AGREED}/goods", may_not="bookkeeper", ok=303,
        form={"product_id": "{honey}", "cost": "70.000", "from_on": SOON},
    ),
    "GET consignment.statements": reads("/statements", elsewhere=HIDDEN, hides="{statement}"),
    "GET consignment.statement": reads("/statements/{statement}"),
    "GET consignment.download": reads("/statements/{statement}.pdf"),
    "GET consignment.members": reads("/statements/{statement}/members"),
    "GET consignment.members_file": reads("/statements/{statement}/members-payouts.csv"),
    "GET consignment.draft": reads("/statements/draft/{gifts}/{honey maker}"),
    "POST consignment.freeze": Case(
        "/statements/draft/{gifts}/{bowl maker}", "bookkeeper", "manager", "other bookkeeper", ok=303,
        form={"cutoff": CUTOFF}, before=sold_long_ago,
    ),
    "GET consignment.run": reads("/statements/run?operator={gifts}"),
    "POST consignment.freeze_run": Case(
        "/statements/run", "bookkeeper", "manager", "other bookkeeper", ok=303,
        form={"operator": "{gifts}", "cutoff": CUTOFF},
    ),
    "POST consignment.approve": Case("/statements/{statement}/approve", may_not="bookkeeper", ok=303),
    "POST consignment.void": Case(
        "/statements/{statement}/void", may_not="bookkeeper", ok=303, form={"reason": "sai kỳ"}
    ),
    "POST consignment.pay": Case(
        "/statements/{statement}/pay", "bookkeeper", "manager", "other bookkeeper", ok=303,
        form={"channel": "transfer"}, before=approved,
    ),
    # the bank, and the operator's own money
    "GET bank.lines": reads("/office/bank?operator={gifts}"),
    "POST bank.read": Case(
        "/office/bank/read", may_not="auditor", ok=303, form={"operator": "{gifts}", "layout": "generic"},
        file=("sao-ke.csv", "Ngày;Nội dung;Số tiền\n21/11/2026;CHUYEN TIEN;200.000\n"),
    ),
    "POST bank.decide": Case("/office/bank/{bank line}", may_not="auditor", ok=303, form={"is": "unknown:"}),
    "POST bank.cards": Case(
        "/office/bank/cards", may_not="auditor", ok=303,
        form={"operator": "{gifts}", "first_on": CUTOFF, "last_on": CUTOFF, "gross": "100.000", "fee": "1.100"},
    ),
    "GET ledger.money": reads("/office/safe/money?operator={gifts}"),
    "POST ledger.money_paper": Case(
        "/office/safe/money", may_not="auditor", ok=303,
        form={"operator": "{gifts}", "kind": "capital", "amount": "1.000.000"},
    ),
    # payouts, and papers with a producer
    "GET consignment.payouts_list": reads("/statements/payouts?operator={gifts}"),
    "POST consignment.payouts_export": pays(
        "/statements/payouts/export",
        form={"operator": "{gifts}", "layout": "generic-xlsx", "payout": "{payout}"}, before=payable,
    ),
    "GET consignment.bank_file": pays("/statements/payouts/files/{bank file}", ok=200),
    "POST consignment.payout_send": pays("/statements/payouts/{payout}/send", before=payable),
    "GET consignment.attempt": reads("/statements/payouts/attempts/{attempt}"),
    "POST consignment.attempts_confirm": pays("/statements/payouts/confirm", form={"attempt": "{attempt}"}),
    "POST consignment.attempt_doubt": pays(
        "/statements/payouts/attempts/{attempt}/doubt", form={"reason": "mạng đứt"}
    ),
    "POST consignment.attempt_back": pays("/statements/payouts/attempts/{attempt}/back", form={"reason": "sai số"}),
    "POST consignment.payout_account": Case(
        "/statements/payouts/{payout}/account", may_not="bookkeeper", ok=303, form={"account_id": "{account}"},
        before=payable,
    ),
    "GET consignment.disputes": reads("/statements/disputes?operator={gifts}"),
    "GET consignment.dispute": reads("/statements/disputes/{dispute}"),
    "POST consignment.dispute_answer": pays("/statements/disputes/{dispute}", form={"answer": "accept", "amount": "1"}),
    "GET consignment.lines": reads("/statements/lines/{gifts}/{honey maker}"),
    "POST consignment.dispute_new": pays("/statements/lines/{gifts}/{honey maker}/{line}", form={"kind": "price"}),
    "GET consignment.papers": reads(f"{AGREED}/papers"),
    "POST consignment.paper_new": pays(
        f"{AGREED}/papers", form={"kind": "adjustment", "side": "give", "amount": "1.000", "reason": "tem"}
    ),
    "POST consignment.paper_undo": pays(
        "/agreements/{gifts}/{bowl maker}/papers/{note}/undo", form={"reason": "nhầm"}
    ),
    # fairs
    "GET fairs.choose": fair("/fairs/", ok=302, elsewhere=HIDDEN, hides="Hồ Gươm"),
    "GET fairs.board": fair("/fairs/{fair}"),
    # the producer's phone
    "GET reports.producer_home": producer("/producer", ok=302, elsewhere=HIDDEN, hides="{honey maker}"),
    "GET reports.producer": producer("/producer/{honey maker}"),
    "GET reports.producer_why": producer("/producer/{honey maker}/why"),
    "GET reports.producer_part": producer("/producer/{honey maker}/why/held"),
    "GET reports.producer_sold": producer("/producer/{honey maker}/sold"),
    "GET reports.producer_line": producer("/producer/{honey maker}/line/{share}"),
    "GET reports.producer_equation": producer("/producer/{honey maker}/goods/equation"),
    "GET reports.producer_card": producer("/producer/{honey maker}/goods/{honey}"),
    "GET reports.producer_deliveries": producer("/producer/{honey maker}/deliveries"),
    "POST reports.producer_announce": producer("/producer/{honey maker}/deliveries", ok=303, form=COMING),
    "GET reports.producer_delivery": producer("/producer/{honey maker}/deliveries/{delivery}"),
    "GET reports.producer_delivery_picture": producer("/producer/{honey maker}/deliveries/{delivery}.png"),
    "POST reports.producer_delivery_cancel": producer(
        "/producer/{honey maker}/deliveries/{delivery}/cancel", ok=303
    ),
    "GET reports.producer_goods": producer("/producer/{honey maker}/goods"),
    "GET reports.producer_statements": producer("/producer/{honey maker}/statements"),
    "GET reports.producer_notices": producer("/producer/{honey maker}/notices"),
    "POST reports.producer_notices_email": producer(
        "/producer/{honey maker}/notices/email", ok=303, form={"address": "ba.hoa@example.vn"}
    ),
    "POST reports.producer_notices_end": producer("/producer/{honey maker}/notices/{address}/end", ok=303),
    "GET reports.producer_disputes": producer("/producer/{honey maker}/disputes"),
    "POST reports.producer_dispute": producer(
        "/producer/{honey maker}/line/{share}/dispute", ok=303, form={"kind": "price"}
    ),
    "POST reports.producer_withdraw": producer("/producer/{honey maker}/disputes/{dispute}/withdraw", ok=303),
    "GET reports.producer_paper": producer("/producer/{honey maker}/statements/{statement}"),
    "GET reports.producer_members": producer("/producer/{honey maker}/statements/{statement}/members"),
    "GET reports.producer_members_file": producer(
        "/producer/{honey maker}/statements/{statement}/members-parts.csv"
    ),
    "GET reports.producer_year": producer("/producer/{honey maker}/year"),
    "GET reports.producer_statement": producer("/producer/{honey maker}/statements/{statement}.pdf"),
}  # fmt: skip
