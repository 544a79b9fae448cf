"""create_app(): the only place where parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings
from pos.access import guards
from pos.access import views as access
from pos.catalogue import views as catalogue
from pos.catalogue.import_jobs import IMPORT, import_file
from pos.catalogue.jobs import ANNOUNCE, announce_coming
from pos.catalogue.service import producer_changed
from pos.catalogue.service.merging import MERGED
from pos.consignment import views as consignment
from pos.consignment.golive import jobs as golive
from pos.consignment.jobs import follow_merge, freeze_some, post_count, post_lost
from pos.consignment.service.freezing import KIND as FREEZE
from pos.fairs import views as fairs
from pos.kernel import models as _kernel  # noqa: F401
from pos.kernel.db import db, well_behaved
from pos.ledger import models as _ledger  # noqa: F401
from pos.ledger import views as ledger
from pos.notices import models as _notices  # noqa: F401
from pos.notices.jobs import send_notice
from pos.notices.service import SEND
from pos.outbox import models as _outbox  # noqa: F401
from pos.outbox.service import Work
from pos.places import views as places
from pos.producers import views as producers
from pos.receipts import views as receipts
from pos.receipts.jobs import print_receipt
from pos.receipts.service import PRINT
from pos.reports import views as reports
from pos.reports.jobs import CHECK, check_books
from pos.reports.notices import EVENING, LOOK, evening, look
from pos.reports.queries.directory import ScopeDirectory
from pos.stock import views as stock
from pos.stock.counting import CONFIRMED as COUNT_CONFIRMED
from pos.stock.counting import RECHECK as COUNT_RECHECK
from pos.stock.jobs import recheck_count
from pos.stock.moved import moved_since
from pos.stock.service.borne import LOST
from pos.tablet import display_views as display
from pos.tablet import pages as shell
from pos.tablet import views as tablet
from pos.till import bank_views as bank
from pos.till import money_views as money
from pos.till import views as till
from pos.till.jobs import RECHECK, REPLAY, recheck_flags, replay_events
from pos.web import assets, errors, headers, language, navigation, packing, pages, security, words

if TYPE_CHECKING:
    from config import Config

MIB = 1024 * 1024
BLUEPRINTS: tuple[Blueprint, ...] = (
    access.bp,
    receipts.bp,
    receipts.printers,
    shell.bp,
    tablet.api,
    display.bp,
    places.bp,
    producers.bp,
    catalogue.bp,
    stock.bp,
    stock.counts.bp,
    fairs.bp,
    till.bp,
    till.public,
    money.bp,
    bank.bp,
    reports.bp,
    reports.books.bp,
    consignment.bp,
    ledger.bp,
)
WITHOUT_COOKIES = (receipts.bp, tablet.api, display.bp)  # public, or by token: nothing of a session to forge
JOBS: dict[str, Work] = {
    PRINT: print_receipt,
    ANNOUNCE: announce_coming,
    IMPORT: import_file,
    golive.GOLIVE: golive.work,
    CHECK: check_books,
    RECHECK: recheck_flags,
    REPLAY: replay_events,
    COUNT_CONFIRMED: post_count,
    FREEZE: freeze_some,
    COUNT_RECHECK: recheck_count,
    LOST: post_lost,
    MERGED: follow_merge,
    SEND: send_notice,
    LOOK: look,
    EVENING: evening,
}


def create_app(config: Config) -> Flask:
    """One application on one database. Opens no connection (gunicorn forks after this)."""
    root = settings.ROOT
    app = Flask(
        "pos",
        root_path=str(root / "pos"),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
        instance_path=str(settings.VAR),
    )
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=16 * MIB,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=bool(config.origin and config.origin.startswith("https://")),
        POS_DEMO=config.demo,
        POS_ORIGIN=config.origin,
        POS_SMTP_URL=config.smtp_url,
        POS_SMTP_FROM=config.smtp_from,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if not config.database_url.startswith("sqlite"):
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10, "max_overflow": 20}
    if config.proxies:
        n = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory=str(root / "migrations"))
    with app.app_context():
        well_behaved(db.engine)
    for room in (language, security, pages, words, navigation, assets, packing, headers, errors):
        room.init_app(app)
    guards.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for blueprint in WITHOUT_COOKIES:
        security.csrf.exempt(blueprint)
    app.extensions["pos_directory"] = ScopeDirectory()  # what rights can hold in: access asks the floors above
    app.extensions["pos_producer_renamed"] = producer_changed  # a shared fact the floor above must follow
    app.extensions["pos_goods_moved"] = moved_since  # what speaks against taking an import back
    app.extensions["pos_jobs"] = JOBS
    return app
