"""Texts of the pages: collect them, keep their English, compile. `python -m scripts.translations` after any new text.

Vietnamese is written in the sources; English lies in pos/web/translations/en. New texts are added empty and
listed, so that somebody writes them; a test refuses empty ones.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import ROOT

FOLDER = ROOT / "pos" / "web" / "translations" / "en" / "LC_MESSAGES"
PO, MO = FOLDER / "messages.po", FOLDER / "messages.mo"
PYTHON = [("pos/**.py", "python")]
TEMPLATES = [("templates/**.html", "jinja2")]
JINJA = {"templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def texts() -> dict[str | tuple[str, ...], list[str]]:
    """Every text of the sources, with the files it stands in."""
    found: dict[str | tuple[str, ...], list[str]] = {}
    for methods, options in ((PYTHON, {}), (TEMPLATES, JINJA)):
        rows = extract_from_dir(str(ROOT), methods, options, keywords=KEYWORDS, directory_filter=_wanted)
        for file, _line, message, _comments, _context in rows:
            files = found.setdefault(message, [])
            if file not in files:
                files.append(file)
    return {message: sorted(files) for message, files in sorted(found.items(), key=lambda item: str(item[0]))}


def _wanted(folder: str) -> bool:
    name = folder.rsplit("/", 1)[-1]
    return not name.startswith(".") and name not in {"node_modules", "static", "tests", "var", "docs", "bench"}


def kept() -> Catalog:
    """The catalogue as committed."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def updated(old: Catalog) -> Catalog:
    """Today's texts with the English already written; texts that are gone are dropped."""
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    made = Catalog(
        locale="en",
        project="OCOP POS",
        version="1",
        charset="utf-8",
        fuzzy=False,
        header_comment="# English texts of OCOP POS.",
        creation_date=moment,
        revision_date=moment,
        last_translator="OCOP POS",
        language_team="English",
        msgid_bugs_address="OCOP POS",
    )
    for message, files in texts().items():
        known = old.get(message if isinstance(message, str) else message[0])
        made.add(message, known.string if known else None, locations=[(file, 0) for file in files])
    return made


def main() -> int:
    """Write both files; say what has no English yet."""
    made = updated(kept()) if PO.exists() else updated(Catalog(locale="en"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, made, width=120, sort_output=True, include_lineno=False)
    MO.write_bytes(compiled(kept()))
    missing = [m.id for m in kept() if m.id and not all([m.string] if isinstance(m.id, str) else (m.string or [""]))]
    for message in missing:
        print(f"no English yet: {message}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
