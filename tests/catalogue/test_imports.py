"""Files of products: read whole or not at all, taken in once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.imports import parse_alcohol, parse_price, parse_stars, parse_vat, read_products
from pos.catalogue.models import Certificate, Price, Product
from pos.catalogue.queries.tablet import version_of
from pos.catalogue.reference import DATA, read
from pos.catalogue.service import import_products, load_groups
from pos.catalogue.service.imports import plan_import
from pos.kernel.errors import Conflict
from pos.places.models import Ward
from pos.places.service import load_wards, open_operator
from pos.producers.models import Producer
from tests.catalogue.shelf import NOON

SHARED = Path(__file__).parents[3] / "shared" / "data"
TABLE = "Tên sản phẩm;Chủ thể;Xã/phường;Mã nhóm;Hạng sao;Giá bán;Mã vạch;Thuế suất\r\n"
ROW = "Chè Đinh Tân Cương;HTX chè Hảo Đạt;Xã Tân Cương;I.5.a;5 sao;125.000 đ;8935049501404;8%\r\n"


def a_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "hang.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.skipif(not SHARED.exists(), reason="the reference data lies beside a working copy only")
@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_our_copies_are_the_reference_data(name: str) -> None:
    assert (DATA / name).read_bytes() == (SHARED / name).read_bytes()


def test_the_real_products_are_read_without_a_problem() -> None:
    good, problems = read_products(DATA / "ocop-products.csv")

    assert problems == []
    assert len(good) == len(read("ocop-products")) == 117
    assert (good[0].facts.name, good[0].stars, good[0].facts.group_code) == ("Bộ bát đĩa gốm sứ hoa sen đỏ", 5, "IV.1")
    assert good[6].potential_five
    assert good[84].facts.province == "Lâm Đồng"
    assert good[113].producer == "Chưa rõ chủ thể (Cao Bằng)"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_composed_text(tmp_path: Path, encoding: str) -> None:
    good, problems = read_products(a_file(tmp_path, TABLE + ROW, encoding))

    assert problems == []
    (row,) = good
    assert (row.facts.name, row.producer) == ("Chè Đinh Tân Cương", "HTX chè Hảo Đạt")
    assert (row.stars, row.price_vnd, row.vat_class, row.vat_bp) == (5, 125_000, "standard", 800)
    assert (row.facts.group_code, row.barcodes) == ("I.5.a", ("8935049501404",))


def test_windows_1258_is_composed_too(tmp_path: Path) -> None:
    # Windows-1258 writes a letter and then its tone: "ạ" is a + U+0323.
    text = "Ten,Chu the\r\nM\u00e2\u0323t ong ba\u0323c ha\u0300,Ho\u0323\u0302 kinh doanh\r\n".replace(
        "\u0323\u0302", "\u0323"
    )

    good, problems = read_products(a_file(tmp_path, text, "cp1258"))

    assert problems == []
    assert good[0].facts.name == "Mật ong bạc hà"


def test_decomposed_utf_8_is_composed(tmp_path: Path) -> None:
    good, _ = read_products(a_file(tmp_path, "Tên,Chủ thể\nChe\u0300,HTX\n"))

    assert good[0].facts.name == "Chè"


def test_a_workbook_reads_as_the_same(tmp_path: Path) -> None:
    path = tmp_path / "hang.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["TÊN SẢN PHẨM", "Chủ thể OCOP", "Giá", "Mã vạch", "VAT"])
    sheet.write_row(1, 0, ["Giò lụa", "Công ty TNHH thực phẩm Thảo Nguyên", 185000, 8935049501404, 0.08])
    sheet.write_row(3, 0, ["Chả cốm", "Công ty TNHH thực phẩm Thảo Nguyên", "95k", "", "KCT"])
    book.close()

    good, problems = read_products(path)

    assert problems == []
    assert [(r.row, r.facts.name, r.price_vnd, r.barcodes, r.vat_bp) for r in good] == [
        (2, "Giò lụa", 185_000, ("8935049501404",), 800),
        (4, "Chả cốm", 95_000, (), 0),
    ]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("125.000 đ", 125_000), ("125,000", 125_000), ("125000", 125_000), ("125 000 VND", 125_000), ("125k", 125_000),
        ("125 nghìn", 125_000), ("1,2tr", 1_200_000), ("1.250.000đ", 1_250_000), ("2.5 triệu", 2_500_000), ("0", 0),
        ("12,5k", 12_500), ("95.000₫", 95_000),
    ],
)  # fmt: skip
def test_prices_as_people_write_them(text: str, price: int) -> None:
    assert parse_price(text) == price


@pytest.mark.parametrize("text", ["125", "12.50", "1.25.000", "-5000", "liên hệ", "125.000-150.000", "1,250.000", "đ"])
def test_doubtful_prices_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="price"):
        parse_price(text)


def test_other_cells() -> None:
    assert [parse_stars(s) for s in ("4", "4 sao", "★★★★")] == [4, 4, 4]
    assert [parse_vat(s) for s in ("8%", "10", "0%", "kct", "Trực tiếp")] == [
        ("standard", 800), ("standard", 1000), ("zero", 0), ("KCT", 0), ("direct", 0),
    ]  # fmt: skip
    assert [parse_alcohol(s) for s in ("29", "29,5 %", "40 độ")] == [2900, 2950, 4000]


def test_each_problem_says_where_what_and_what_was_expected(tmp_path: Path) -> None:
    text = TABLE + ROW + "Trà;HTX;;I.9;6 sao;liên hệ;123;8%\r\n;HTX;;;;90k;;\r\n" + ROW.replace("8935049501404", "")

    good, problems = read_products(a_file(tmp_path, text))

    assert [row.row for row in good] == [2]
    assert [(p.row, p.column, p.value, p.code) for p in problems] == [
        (3, "Mã nhóm", "I.9", "group"),
        (3, "Hạng sao", "6 sao", "stars"),
        (3, "Giá bán", "liên hệ", "price"),
        (3, "Mã vạch", "123", "barcode"),
        (4, "Tên sản phẩm", "", "required"),
        (5, "Tên sản phẩm", "Chè Đinh Tân Cương", "repeats"),
    ]
    assert problems[2].expected == "giá như 125.000, 125.000 đ hoặc 125k"
    assert problems[5].expected == "mỗi sản phẩm của một chủ thể một dòng (đã có ở dòng 2)"
    assert problems[5].expected_en == "one row per product (see row 2)"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"a,b\n1,2\n", "no_column"), (b"PK\x03\x04nonsense", "format"), (b"Ten,Chu the\n", "empty"),
     (b"Ten,Ten hang,Chu the\na,b,c\n", "two_columns"), (b"\xff\xfe\x00", "encoding")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "hang.csv"
    path.write_bytes(content)

    good, problems = read_products(path)

    assert good == []
    assert problems[0].code == code


def test_taking_a_file_in_twice_changes_nothing(session: Session, tmp_path: Path) -> None:
    load_groups(session, read("ocop-groups"))
    operator = open_operator(session, code="HTX1", name="HTX Một", at=NOON).id
    good, _ = read_products(DATA / "ocop-products.csv")
    priced, _ = read_products(a_file(tmp_path, TABLE + ROW.replace("HTX chè", "Hợp tác xã chè")))

    first = import_products(session, good, operator_id=operator, at=NOON)
    version = version_of(session, operator)
    second = import_products(session, good, operator_id=operator, at=NOON)
    third = import_products(session, priced, operator_id=operator, at=NOON)

    assert (first.products, first.producers, first.priced) == (117, 69, 1)
    assert (second.products, second.producers, second.changed, second.priced) == (0, 0, 0, 0)
    assert second.product_ids == first.product_ids
    assert version == 1
    assert (third.products, third.producers, third.priced) == (0, 0, 1)
    assert session.scalar(select(func.count()).select_from(Product)) == 117
    assert session.scalar(select(func.count()).select_from(Producer)) == 69
    assert session.scalar(select(Price.price_vnd).where(Price.product_id == third.product_ids[0])) == 125_000
    dated = session.scalars(select(Certificate.valid_to).order_by(Certificate.valid_to)).all()
    assert dated[0] == date(2024, 11, 26)


def test_a_taken_barcode_stops_the_import(session: Session, tmp_path: Path) -> None:
    load_groups(session, read("ocop-groups"))
    operator = open_operator(session, code="HTX1", name="HTX Một", at=NOON).id
    good, _ = read_products(a_file(tmp_path, TABLE + ROW))
    other, _ = read_products(a_file(tmp_path, TABLE + ROW.replace("Chè Đinh", "Chè Nõn")))
    import_products(session, good, operator_id=operator, at=NOON)

    plan = plan_import(session, other, operator_id=operator, at=NOON)
    assert [(p.row, p.column, p.value, p.code) for p in plan.problems] == [
        (2, "Mã vạch", "8935049501404", "barcode_taken")
    ]
    assert "“Chè Đinh Tân Cương”" in plan.problems[0].expected
    with pytest.raises(Conflict, match=r"barcode\.taken"):
        import_products(session, other, operator_id=operator, at=NOON)
    assert session.scalar(select(func.count()).select_from(Product)) == 1


def test_wards_come_once(session: Session) -> None:
    assert load_wards(session, read("hanoi-wards")) == 126
    assert load_wards(session, read("hanoi-wards")) == 0
    assert session.get_one(Ward, "00004").search == "ba dinh"
