"""The demo's places and people. All names of operators and people are invented; wards and banks are real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pos.access.service import TillPlace, add_person, enrol, find_code, grant, make_enrol_code
from pos.catalogue.reference import read
from pos.catalogue.service import load_groups
from pos.kernel.ids import named_id, new_id
from pos.kernel.models import Installation
from pos.places.models import Site, Till
from pos.places.service import (
    add_fair,
    add_organizer,
    add_site,
    add_till,
    load_wards,
    open_operator,
    set_bank,
)

TRANG_AN, KINH_KY = "TRANGAN", "KINHKY"
FAIR_DAYS_BEFORE, FAIR_DAYS_AFTER = 2, 2
OPERATORS = {
    TRANG_AN: ("HTX Sản vật Tràng An (mẫu)", "0100000001", "Phường Hoàn Kiếm, Hà Nội", "BIDV", 1000),
    KINH_KY: ("Công ty TNHH Quà Kinh Kỳ (mẫu)", "0100000002", "Phường Hà Đông, Hà Nội", "Agribank", 500),
}
# code: (operator, kind, name, ward, {till: pace in sales of a weekday; 0 stands free})
SITES = {
    "HK": (TRANG_AN, "shop", "Điểm bán OCOP Hoàn Kiếm", "00070", {"HK01": 10, "HK02": 6, "HK03": 0}),
    "TH": (TRANG_AN, "shop", "Điểm bán OCOP Tây Hồ", "00103", {"TH01": 8, "TH02": 0}),
    "CG": (TRANG_AN, "shop", "Điểm bán OCOP Cầu Giấy", "00166", {"CG01": 8}),
    "HD": (KINH_KY, "shop", "Điểm bán OCOP Hà Đông", "09556", {"HD01": 8}),
    "DA": (KINH_KY, "shop", "Điểm bán OCOP Đông Anh", "00454", {"DA01": 6}),
    "ST": (KINH_KY, "shop", "Điểm bán OCOP Sơn Tây", "09574", {"ST01": 6}),
    "BT": (TRANG_AN, "design_centre", "Trung tâm thiết kế sáng tạo OCOP Bát Tràng", "00577", {"BT01": 4}),
    "KGL": (TRANG_AN, "warehouse", "Kho Gia Lâm", "00565", {}),
}
FAIR = ("HG", "Hội chợ OCOP Hồ Gươm (mẫu)", "Phố đi bộ hồ Hoàn Kiếm")
# booth: (operator, what it sells, kinds, pace)
BOOTHS = {
    "HG01": (TRANG_AN, "Giò chả, thịt", ("thit",), 29),
    "HG02": (TRANG_AN, "Gốm sứ", ("gom",), 10),
    "HG03": (TRANG_AN, "Chè, trà", ("che",), 22),
    "HG04": (TRANG_AN, "Bánh, cốm", ("gao",), 31),
    "HG05": (TRANG_AN, "Rau, quả", ("rau",), 26),
    "HG06": (TRANG_AN, "Mật ong, gia vị", ("mat",), 17),
    "HG07": (TRANG_AN, "Quà Hà Nội", ("gao", "che", "thit"), 26),
    "HG08": (KINH_KY, "Dược liệu", ("duoc",), 15),
    "HG09": (KINH_KY, "Rượu, cà phê", ("uong",), 19),
    "HG10": (KINH_KY, "Trà hoa, trà núi", ("che", "duoc"), 20),
    "HG11": (KINH_KY, "Thổ cẩm, đồ mỹ nghệ", ("vai", "gom"), 8),
    "HG12": (KINH_KY, "Đặc sản vùng cao", ("thit", "rau", "gao"), 26),
}
SECOND_TILLS = {"HG01": "HG13", "HG07": "HG14"}  # free: the first ones `pos enrol-code --any` finds
CASHIERS = (
    "Nguyễn Thu Hương", "Trần Văn Nam", "Lê Thị Mai", "Phạm Quốc Bảo", "Vũ Thị Ngọc", "Đặng Minh Tuấn",
    "Bùi Thị Hạnh", "Hoàng Anh Dũng", "Đỗ Thị Lan", "Ngô Văn Hải", "Dương Thị Yến", "Lý Văn Phúc", "Trịnh Thị Thảo",
    "Phan Văn Sơn", "Cao Thị Hiền", "Mai Văn Đức", "Tạ Thị Bích", "Lưu Văn Thành", "Đinh Thị Nga", "Hà Văn Quang",
)  # fmt: skip
# login: (password, role, name, scope kind, key of the scope, what it shows)
PEOPLE = {
    "quantri": ("demo-quantri", "administrator", "Nguyễn Thị Quản Trị", "all", "", "Mọi thứ của bản dùng thử"),
    "quanly": ("demo-quanly", "manager", "Trần Đức Long", "operator", TRANG_AN, "Điều hành HTX Sản vật Tràng An"),
    "ketoan": ("demo-ketoan", "bookkeeper", "Lê Thị Thanh", "operator", TRANG_AN, "Sổ sách HTX Sản vật Tràng An"),
    "quanly2": ("demo-quanly2", "manager", "Phạm Thu Trang", "operator", KINH_KY, "Điều hành Quà Kinh Kỳ"),
    "ketoan2": ("demo-ketoan2", "bookkeeper", "Vũ Hoàng Yến", "operator", KINH_KY, "Sổ sách Quà Kinh Kỳ"),
    "bantochuc": ("demo-bantochuc", "organizer", "Đỗ Quang Huy", "organizer", "HG", "Bảng hội chợ đang mở"),
    "vanphong": ("demo-vanphong", "city_office", "Hoàng Thị Vân", "all", "", "Văn phòng điều phối thành phố"),
    "giocha": ("demo-giocha", "producer", "Công ty Thảo Nguyên (mẫu)", "producer",
               "Công ty TNHH thực phẩm Thảo Nguyên", "Tiền bán giò chả của mình"),
    "gomsu": ("demo-gomsu", "producer", "Gốm sứ Quang Vinh (mẫu)", "producer",
              "Công ty TNHH Gốm sứ Quang Vinh", "Tiền bán gốm sứ của mình"),
    "hopche": ("demo-hopche", "producer", "HTX chè Hảo Đạt (mẫu)", "producer",
               "Hợp tác xã chè Hảo Đạt", "Tiền bán chè của mình"),
}  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """Where a tablet sells: a till with its enrolled device."""

    log_id: str
    device_id: str
    till_code: str
    operator: str
    operator_id: str
    site_id: str
    fair_id: str | None
    staff: tuple[str, ...]
    pace: int
    kinds: tuple[str, ...]  # empty: a bit of everything


@dataclass(frozen=True)
class World:
    """Ids of what stands, by the keys above."""

    operators: dict[str, str]
    sites: dict[str, str]
    fair_id: str
    organizer_id: str
    fair_starts_on: date
    spots: tuple[Spot, ...]


def demo_people() -> list[dict[str, str]]:
    """The demo's log-ins: login, password, role, name, what."""
    return [
        {"login": login, "password": password, "role": role, "name": name, "what": what}
        for login, (password, role, name, _, _, what) in PEOPLE.items()
    ]


def person_id(login: str) -> str:
    """The id of one of the demo's people."""
    return named_id("person", login)


def build_world(
    session: Session, *, today: date, opened_at: datetime, now: datetime, secret: str, origin: str
) -> World:
    """Installation (demo), reference data, operators, sites, the fair with its booths, tills with their tablets."""
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, books=new_id(), epoch=1, origin=origin, demo=True, made_at=now))
    load_wards(session, read("hanoi-wards"))
    load_groups(session, read("ocop-groups"))
    operators = {key: _operator(session, key, opened_at) for key in OPERATORS}
    organizer = add_organizer(session, name="Văn phòng điều phối hội chợ (mẫu)", id_=named_id("organizer", "HG")).id
    starts_on = today - timedelta(days=FAIR_DAYS_BEFORE)
    code, name, place = FAIR
    fair = add_fair(
        session, organizer_id=organizer, code=code, name=name, place=place, starts_on=starts_on,
        ends_on=today + timedelta(days=FAIR_DAYS_AFTER), id_=named_id("fair", code),
    ).id  # fmt: skip
    wards = {row["code"]: row["full_name"] for row in read("hanoi-wards")}
    sites: dict[str, str] = {}
    places: list[tuple[Till, str, int, tuple[str, ...]]] = []
    for key, (operator, kind, name, ward, tills) in SITES.items():
        site = add_site(
            session, operator_id=operators[operator], kind=kind, code=key, name=name, ward_code=ward,
            address=f"{wards[ward]}, Hà Nội", id_=named_id("site", key),
        )  # fmt: skip
        sites[key] = site.id
        for n, (till_code, pace) in enumerate(tills.items(), 1):
            places.append((till_at(session, site, till_code, f"Quầy {n}"), operator, pace, ()))
    for n, (key, (operator, goods, kinds, pace)) in enumerate(BOOTHS.items(), 1):
        site = add_site(
            session, operator_id=operators[operator], kind="booth", code=key, name=f"Gian {n:02d} · {goods}",
            address=place, ward_code="00070", fair_id=fair, id_=named_id("site", key),
        )  # fmt: skip
        sites[key] = site.id
        places.append((till_at(session, site, key, f"Gian {n:02d}"), operator, pace, kinds))
        if second := SECOND_TILLS.get(key):
            till_at(session, site, second, f"Gian {n:02d}, quầy 2")
    spots, names = [], iter(CASHIERS)
    for till, operator, pace, kinds in places:
        if pace:
            fair_here = fair if kinds else None
            staff = cashier_at(session, next(names), till.site_id, opened_at)
            spots.append(tablet_for(session, till, operator, fair_here, (staff,), pace, kinds, opened_at, secret))
    return World(operators, sites, fair, organizer, starts_on, tuple(spots))


def _operator(session: Session, key: str, at: datetime) -> str:
    name, tax_code, address, bank, step = OPERATORS[key]
    operator = open_operator(
        session, code=key, name=name, at=at, tax_code=tax_code, address=address, phone="0900000000",
        cash_rounding_vnd=step, id_=named_id("operator", key),
    )  # fmt: skip
    bin_ = next(row["bin"] for row in read("vietqr-banks") if row["short_name"] == bank)
    account = "0000000001" if key == TRANG_AN else "0000000002"
    set_bank(session, operator.id, bank_bin=bin_, account=account, holder="TAI KHOAN MAU KHONG CO THAT")
    return operator.id


def till_at(session: Session, site: Site, code: str, name: str) -> Till:
    """A till whose id follows its code."""
    return add_till(session, site_id=site.id, code=code, name=name, id_=named_id("till", code))


def cashier_at(session: Session, name: str, site_id: str, at: datetime) -> str:
    """A cashier of one site; the id follows the name."""
    person = add_person(session, name=name, at=at, id_=named_id("person", name))
    session.flush()
    grant(session, person.id, "cashier", "site", site_id, at=at)
    return person.id


def tablet_for(
    session: Session,
    till: Till,
    operator: str,
    fair_id: str | None,
    staff: tuple[str, ...],
    pace: int,
    kinds: tuple[str, ...],
    at: datetime,
    secret: str,
) -> Spot:
    """Make a tablet the device of a till: where it sells from now on."""
    device_id = named_id("device", till.code)
    code = make_enrol_code(session, till.id, at=at)
    session.flush()
    place = TillPlace(till.id, till.code, till.operator_id, till.site_id, fair_id)
    log, _ = enrol(
        session,
        find_code(session, code, device_id, at=at),
        place,
        device_id=device_id,
        public_key=None,
        secret=secret,
        at=at,
    )
    return Spot(
        log.id, device_id, log.till_code, operator, till.operator_id, till.site_id, fair_id, staff, pace, kinds
    )  # fmt: skip


def let_people_in(session: Session, world: World, *, at: datetime) -> None:
    """The people who log in, each with one role in one scope. Producers must be registered before."""
    keys = world.operators | {"HG": world.organizer_id, "": ""}
    for login, (password, role, name, scope_kind, key, _) in PEOPLE.items():
        person = add_person(session, name=name, login=login, password=password, at=at, id_=person_id(login))
        session.flush()
        scope_id = named_id("producer", key) if scope_kind == "producer" else keys[key]
        grant(session, person.id, role, scope_kind, scope_id, at=at)
