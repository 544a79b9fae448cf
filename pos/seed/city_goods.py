"""The city's producers and products: as many as Hanoi had in October 2025, every name invented and saying so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from pos.catalogue.commands import ImportedProduct, ProductFacts
from pos.catalogue.reference import read
from pos.catalogue.rules import CertificateFacts, check_digit, is_alcohol, kind_of_group

# Hanoi, October 2025: 3,463 products (vietnam.md 1.2: potential five is a class of four).
STARS = {(5, False): 9, (4, True): 19, (4, False): 1576, (3, False): 1859}
PRODUCTS = sum(STARS.values())
MAKERS = {"coop": 134, "company": 420, "group": 66, "household": 880}
PRODUCERS = sum(MAKERS.values())
BEGINNINGS = {"coop": "Hợp tác xã", "company": "Công ty TNHH", "group": "Tổ hợp tác", "household": "Hộ kinh doanh"}
BRANDS = (
    "Sao Mai", "Hoa Sen", "Đồng Xanh", "Bình Minh", "Trăng Rằm", "Suối Trong", "Lúa Vàng", "Hương Quê", "Tre Việt",
    "Mây Trắng", "Sông Xanh", "Nắng Mới", "Gió Nam", "Quả Ngọt", "Vườn Nhà", "Cây Đa", "Giếng Làng", "Đình Cổ",
)  # fmt: skip
# group: what is sold, (unit, weighed, lowest and highest price in thousands, VAT bp, shelf life in days)
GOODS: dict[str, tuple[tuple[str, ...], tuple[str, bool, int, int, int, int | None]]] = {
    "I.1.a": (("Rau cải hữu cơ", "Bưởi", "Nhãn chín muộn", "Cam", "Su su", "Cà chua", "Dưa lưới"),
              ("kg", True, 18, 95, 500, 10)),
    "I.1.b": (("Thịt lợn sạch", "Trứng gà đồi", "Thịt gà đồi", "Cá lăng"), ("kg", True, 45, 240, 500, 7)),
    "I.2.a": (("Gạo nếp cái", "Gạo thơm", "Đậu xanh", "Lạc đỏ"), ("túi 2 kg", False, 45, 160, 500, 365)),
    "I.2.b": (("Mật ong hoa nhãn", "Mật ong rừng", "Phấn hoa"), ("chai 500 ml", False, 90, 320, 800, 720)),
    "I.3.a": (("Cốm chiên", "Xôi ăn liền"), ("hộp", False, 35, 90, 800, 60)),
    "I.3.b": (("Bánh chả", "Bún khô", "Miến dong", "Bánh gai", "Phở khô", "Bánh đa nem"),
              ("gói", False, 25, 140, 800, 180)),
    "I.3.c": (("Mứt sen", "Chuối sấy", "Măng khô", "Nấm hương khô", "Tinh bột nghệ"),
              ("gói 200 g", False, 40, 260, 800, 365)),
    "I.3.d": (("Giò lụa", "Chả cốm", "Ruốc lợn", "Nem chua", "Xúc xích"), ("gói 500 g", False, 70, 290, 800, 30)),
    "I.4.a": (("Tương nếp", "Nước mắm", "Tương ớt"), ("chai 500 ml", False, 35, 150, 800, 540)),
    "I.4.b": (("Bột gia vị", "Hạt dổi", "Bột ớt"), ("lọ 100 g", False, 30, 130, 800, 365)),
    "I.5.a": (("Chè xanh", "Chè nõn tôm", "Chè sen"), ("hộp 200 g", False, 80, 650, 800, 540)),
    "I.5.b": (("Trà hoa cúc", "Trà lá sen", "Trà gừng"), ("hộp 100 g", False, 55, 260, 800, 540)),
    "II.1.a": (("Rượu nếp trắng",), ("chai 500 ml", False, 60, 280, 1000, None)),
    "II.2.b": (("Nước gạo lứt", "Nước mơ", "Sữa chua uống"), ("chai 330 ml", False, 18, 60, 800, 90)),
    "III.1": (("Đông trùng hạ thảo", "Cao cà gai leo", "Viên nghệ mật ong"), ("hộp", False, 150, 1200, 800, 720)),
    "III.3": (("Tinh dầu sả", "Tinh dầu quế"), ("lọ 30 ml", False, 60, 220, 800, 720)),
    "IV.1": (("Bình gốm men lam", "Bộ ấm chén", "Tranh sơn mài", "Giỏ mây", "Tượng gỗ", "Quạt giấy", "Nón lá"),
             ("chiếc", False, 60, 3600, 800, None)),
    "IV.2": (("Khăn lụa", "Áo dài lụa", "Túi thêu"), ("chiếc", False, 180, 2400, 800, None)),
    "V.1": (("Hoa lan chậu", "Hoa hồng chậu"), ("chậu", False, 80, 900, 500, None)),
    "V.2": (("Cây quất cảnh", "Bonsai mini"), ("cây", False, 150, 4500, 500, None)),
}  # fmt: skip
OFTEN = {"I.3.b": 5, "I.1.a": 5, "I.3.d": 4, "I.3.c": 4, "IV.1": 6, "I.5.a": 2, "IV.2": 2}


def producers(dice: Random) -> list[tuple[str, str]]:
    """(name, ward) of each: 134 co-ops among 1,500, in a mixed order."""
    wards = [row["full_name"] for row in read("hanoi-wards")]
    kinds = [kind for kind, count in MAKERS.items() for _ in range(count)]
    dice.shuffle(kinds)
    return [
        (f"{BEGINNINGS[kind]} {dice.choice(BRANDS)} {n:04d} (mẫu)", dice.choice(wards))
        for n, kind in enumerate(kinds, 1)
    ]


def products(today: date, dice: Random) -> list[ImportedProduct]:
    """Every product with its certificate; most are in force, some end within 90 days, a few are over."""
    makers = producers(dice)
    classes = [stars for stars, count in STARS.items() for _ in range(count)]
    dice.shuffle(classes)
    # one product for everybody, the rest where there is already more: few producers have many
    owners = list(range(PRODUCERS)) + [int(PRODUCERS * dice.random() ** 3) for _ in range(PRODUCTS - PRODUCERS)]
    groups = list(GOODS)
    weights = [OFTEN.get(group, 1) for group in groups]
    made: list[ImportedProduct] = []
    numbers: Iterator[int] = iter(range(1, PRODUCTS + 1))
    trades: dict[int, str] = {}
    for owner, (stars, hoped) in zip(owners, classes, strict=True):
        group = trades.setdefault(owner, dice.choices(groups, weights)[0])
        made.append(_product(next(numbers), makers[owner], group, stars, hoped, today, dice))
    return made


def _product(
    number: int, maker: tuple[str, str], group: str, stars: int, hoped: bool, today: date, dice: Random
) -> ImportedProduct:
    names, (unit, weighed, low, high, vat_bp, shelf_life) = GOODS[group]
    left = (
        dice.randint(10, 85)
        if number % 12 == 3
        else -dice.randint(4, 60)
        if number % 40 == 5
        else dice.randint(120, 1000)
    )
    if stars == 5:
        left = dice.randint(200, 900)
    last = today + timedelta(days=left)
    first = date(last.year - 3, last.month, min(last.day, 28))
    producer, ward = maker
    facts = ProductFacts(
        name=f"{dice.choice(names)} mẫu {number:04d}", group_code=group, unit=unit, weighed=weighed,
        kind=kind_of_group(group), commune=ward, province="Hà Nội", shelf_life_days=shelf_life,
        alcohol_bp=2900 if is_alcohol(group) else 0, source="mẫu",
    )  # fmt: skip
    return ImportedProduct(
        row=number, producer=producer, facts=facts, stars=stars, potential_five=hoped,
        issuer="UBND thành phố Hà Nội (mẫu)", decision_no=f"{1000 + number % 7}/QĐ-MAU",
        recognised=first.isoformat(), valid_to=last,
        price_vnd=dice.randint(low, high) * 1000, vat_class="standard", vat_bp=vat_bp,
    )  # fmt: skip


def certificate_of(row: ImportedProduct) -> tuple[CertificateFacts, ...]:
    """What the shelves of the city's tablets know of a row's stars."""
    if not (row.stars and row.recognised and row.valid_to):
        return ()
    return (CertificateFacts(row.stars, date.fromisoformat(row.recognised), row.valid_to, None),)


def offered_by(rows: list[ImportedProduct], place: int, dice: Random) -> list[ImportedProduct]:
    """What operator number `place` sells: the first everything, the others some producers' goods, with own codes."""
    if place:
        makers = sorted({row.producer for row in rows})
        chosen = set(dice.sample(makers, 110))
        rows = [row for row in rows if row.producer in chosen]
    coded = []
    for row in rows:
        digits = f"20{place:02d}{row.row:08d}"  # GS1: 20 to 29 are a shop's own numbers, so these are nobody's
        coded.append(replace(row, barcodes=(digits + check_digit(digits),)))
    return coded
