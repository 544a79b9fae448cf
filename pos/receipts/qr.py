"""A QR code as the receipts know it: the one of pos/web/qr.py."""

from pos.web.qr import QUIET, modules, svg_path

__all__ = ["QUIET", "modules", "svg_path"]
