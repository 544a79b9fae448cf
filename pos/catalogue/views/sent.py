"""What the register's forms send beside texts, and whether this person changes it at once or asks."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import FileStorage

from pos.access.guards import viewer
from pos.catalogue.models import Product
from pos.catalogue.queries import changes as queries
from pos.kernel.db import db
from pos.kernel.errors import Invalid, NotFound
from pos.web.images import MOST_PICTURE, Sent, paper_of, picture_of


def sent_file(name: str) -> FileStorage | None:
    """The file of a form, None when none was chosen."""
    file = request.files.get(name)
    return file if file and file.filename else None


def picture_sent() -> Sent:
    """The form's picture. Raises Invalid."""
    file = sent_file("picture")
    if file is None:
        raise Invalid("picture.none", field="picture")
    return picture_of(file.read(MOST_PICTURE + 1), file.filename or "")


def paper_sent() -> Sent | None:
    """The form's paper, if any. Raises Invalid."""
    file = sent_file("file")
    return paper_of(file.read(MOST_PICTURE + 1), file.filename or "") if file else None


def editable(product_id: str) -> bool:
    """May this person change it at once? Raises NotFound."""
    product = db.session().get(Product, product_id)
    if product is None:
        raise NotFound("product.unknown")
    return queries.may_edit(db.session(), viewer(), product)
