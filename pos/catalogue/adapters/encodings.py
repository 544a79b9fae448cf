"""Bytes to Vietnamese text: Unicode and Windows-1258 are read, font encodings and broken text are named and refused."""

from __future__ import annotations

import re

ENOUGH = 3  # so many signs, of two kinds at least: a single odd letter is a brand name, not an encoding

# TCVN3 (.VnTime fonts) puts ă â ê ô ơ ư đ and the tones where Latin-1 has these signs: `Tªn s¶n phÈm`.
_TCVN3 = re.compile(r"(?<=[A-Za-z])[µ¶·¸¹¨©ª«¬®»¼½¾]|[µ¶·¸¹¨©ª«¬®»¼½¾](?=[A-Za-z])")
# VNI fonts write a plain vowel and then a sign: `Teân saûn phaåm`. After a or e Vietnamese never has another accent.
_VNI = re.compile(r"[aeAE][ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË]")
# UTF-8 read as Windows-1252 and saved again: `ChÃ¨ Ä‘inh`, `sáº£n pháº©m`.
_TWICE = re.compile(r"Ã[\u0080-¿]|áº|á»|Ä‘|Ä\u0090|Æ°|Æ¡")
_ADDRESS = re.compile(r"https?://[^\s,;]+")
_LOST = re.compile(r"(?<=[A-Za-z])\?(?=[A-Za-z])|�")


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message is a code of `problems.EXPECTED`."""


def decode(data: bytes) -> str:
    """Text of a file from UTF-8 or UTF-16, with or without a mark, or Windows-1258, which Vietnamese Excel writes.

    Raises Unreadable: encoding, tcvn3, vni, mojibake, lost.
    """
    if (text := _unicode(data)) is None:
        refuse_fonts(data.decode("cp1252", "replace"))  # font encodings are told by their Latin-1 faces
        try:
            text = data.decode("cp1258")
        except UnicodeDecodeError as error:
            raise Unreadable("encoding") from error
    refuse_broken(text)
    return text


def _unicode(data: bytes) -> str | None:
    if data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif half := _half_empty(data[:4000]):
        encoding = half
    else:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error


def _half_empty(head: bytes) -> str | None:
    """UTF-16 without a mark: of every ASCII letter one byte is 0, always on the same side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if (even + odd) * 4 <= len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def refuse_broken(text: str) -> None:
    """Raise Unreadable when Unicode text is not what somebody typed: font encodings, encoded twice, letters lost."""
    sample = _ADDRESS.sub("", text[:200_000])
    if _many(_TWICE, sample):
        raise Unreadable("mojibake")
    refuse_fonts(sample)
    if len(_LOST.findall(sample)) >= ENOUGH:
        raise Unreadable("lost")


def refuse_fonts(text: str) -> None:
    """Raise Unreadable("tcvn3") or ("vni") on text that only looks right in such a font."""
    if _many(_TCVN3, text[:200_000]):
        raise Unreadable("tcvn3")
    if _many(_VNI, text[:200_000]):
        raise Unreadable("vni")


def _many(signs: re.Pattern[str], text: str) -> bool:
    found = signs.findall(text)
    return len(found) >= ENOUGH and len(set(found)) > 1
