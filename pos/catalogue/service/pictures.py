"""Pictures of products and papers of certificates. They come made anew (pos/web/images.py); here they are kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Certificate, CertificateFile, Picture, Product
from pos.kernel.errors import Conflict, NotFound
from pos.kernel.ids import new_id
from pos.web.images import Sent

MOST = 8


def add_picture(session: Session, product_id: str, sent: Sent, *, at: datetime, by: str | None) -> Picture:
    """Behind those there are; the same picture once. Raises NotFound, Conflict `picture.too_many`."""
    if session.scalar(select(Product.id).where(Product.id == product_id).with_for_update()) is None:
        raise NotFound("product.unknown")
    sha256 = hashlib.sha256(sent.data).hexdigest()
    mine = Picture.product_id == product_id
    if known := session.scalar(select(Picture).where(mine, Picture.sha256 == sha256)):
        return known
    if (session.scalar(select(func.count()).select_from(Picture).where(mine)) or 0) >= MOST:
        raise Conflict("picture.too_many", most=MOST, field="picture")
    last = session.scalar(select(func.max(Picture.position)).where(mine)) or 0
    picture = Picture(
        id=new_id(), product_id=product_id, position=last + 1, sha256=sha256, webp=sent.data,
        small=sent.small or sent.data, made_at=at, made_by=by,
    )  # fmt: skip
    session.add(picture)
    return picture


def put_first(session: Session, picture_id: str) -> str:
    """It stands for the product in lists. Returns the product's id."""
    picture = get_picture(session, picture_id)
    first = session.scalar(select(func.min(Picture.position)).where(Picture.product_id == picture.product_id)) or 0
    if picture.position != first:
        picture.position = first - 1
    return picture.product_id


def remove_picture(session: Session, picture_id: str) -> str:
    """Returns the product's id."""
    picture = get_picture(session, picture_id)
    session.delete(picture)
    return picture.product_id


def get_picture(session: Session, picture_id: str) -> Picture:
    """Raises NotFound."""
    found = session.get(Picture, picture_id)
    if found is None:
        raise NotFound("picture.unknown")
    return found


def attach_paper(session: Session, certificate_id: str, sent: Sent, *, at: datetime, by: str | None) -> None:
    """The certificate's paper; a better scan takes the place of the first."""
    if session.get(Certificate, certificate_id) is None:
        raise NotFound("certificate.unknown")
    kept = session.get(CertificateFile, certificate_id)
    if kept is None:
        kept = CertificateFile(certificate_id=certificate_id)
        session.add(kept)
    kept.name, kept.kind, kept.data, kept.made_at, kept.made_by = sent.name, sent.kind, sent.data, at, by
