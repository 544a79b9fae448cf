"""A shop for tests: sales and returns through the real share and ledger services, as the till books them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pos.catalogue.models import Product
from pos.consignment.commands import Accrued, ReturnedLine, SoldLine, Where
from pos.consignment.models import Agreement, AgreementVersion
from pos.consignment.queries.checks import settlement_problems
from pos.consignment.queries.terms import terms_on
from pos.consignment.service.shares import accrue, keep_settlement_lines, take_back
from pos.kernel.ids import named_id, new_id
from pos.kernel.text import fold
from pos.ledger.commands import EntryDraft, PostingDraft
from pos.ledger.models import JournalEntry, Posting
from pos.ledger.service import post_entries
from pos.places.models import Operator, Site
from pos.producers.models import BankAccount, Producer

DAY = date(2026, 10, 5)
RATES = {"P1": 1_500, "P2": 1_250, "P3": 2_000}
PRICES = {"P1": 185_000, "P2": 125_500, "P3": 89_000}
NAMES = {"P1": "Chè Thái Nguyên", "P2": "Mật ong hoa nhãn", "P3": "Bát gốm men lam"}
DRAWER = named_id("shift", "D1")


def noon(day: date) -> datetime:
    """12:00 in Hanoi."""
    return datetime.combine(day, time(5), tzinfo=UTC)


class Shop:
    """One operator with a site and the golden producers P1 (tea), P2 (honey), P3 (bowls)."""

    def __init__(self, session: Session, *, window: int = 0, least: int = 0, code: str = "T") -> None:
        self.session = session
        self.operator_id, self.site_id = named_id("operator", code), named_id("site", code)
        start = noon(date(2026, 1, 1))
        session.add(
            Operator(
                id=self.operator_id, code=code, name="Điểm bán OCOP Hồ Gươm", tax_code="0109999888",
                address="phường Hoàn Kiếm, Hà Nội", made_at=start,
            )
        )  # fmt: skip
        session.flush()
        session.add(Site(id=self.site_id, operator_id=self.operator_id, kind="shop", code="01", name="Hồ Gươm"))
        for name in RATES:
            self._producer(name, window, least, start)
        session.flush()

    def _producer(self, name: str, window: int, least: int, start: datetime) -> None:
        id_ = self.producer(name)
        if self.session.get(Producer, id_) is None:
            whole = f"Hộ kinh doanh {name}"
            self.session.add(
                Producer(
                    id=id_, code=name, name=whole, search=fold(whole), kind="household", tax_method="direct",
                    commune="Phường Bưởi", province="Hà Nội", made_at=start,
                )
            )  # fmt: skip
            self.session.flush()
            self.session.add(
                Product(
                    id=self.product(name), producer_id=id_, name=NAMES[name], search=fold(NAMES[name]), unit="gói",
                    kind="che", made_at=start,
                )
            )  # fmt: skip
            self.session.add(
                BankAccount(
                    id=named_id("account", name), producer_id=id_, bank_bin="970405", bank_name="Agribank",
                    number_sealed="x", number_last4="4417", holder=f"HO KINH DOANH {name}", made_at=start,
                    confirmed_at=start,
                )
            )  # fmt: skip
        agreement_id = new_id()
        self.session.add(Agreement(id=agreement_id, operator_id=self.operator_id, producer_id=id_, made_at=start))
        self.session.flush()
        self.session.add(
            AgreementVersion(
                id=new_id(), agreement_id=agreement_id, starts_on=date(2026, 1, 1), commission_bp=RATES[name],
                return_window_days=window, min_payout_vnd=least, made_at=start,
            )
        )  # fmt: skip

    def producer(self, name: str) -> str:
        return named_id("producer", name)

    def product(self, name: str) -> str:
        return named_id("product", name)

    def sell(
        self, *goods: tuple[str, int], day: date = DAY, operator_pays: Sequence[int] = (), price: int | None = None
    ) -> str:
        """Sell (producer, units) for cash, list prices; `operator_pays` is the voucher's part of each line."""
        sale_id = new_id()
        where = self._where(sale_id, day)
        lines = [
            SoldLine(
                n, self.product(name), self.producer(name), units * 1000, units * (price or PRICES[name]), 0, 0,
                operator_pays[n - 1] if operator_pays else 0, 800, "standard",
            )
            for n, (name, units) in enumerate(goods, 1)
        ]  # fmt: skip
        terms = terms_on(self.session, self.operator_id, {self.producer(name) for name, _ in goods}, day)
        self._post("sale", sale_id, day, accrue(self.session, where, lines, terms))
        return sale_id

    def take_back(self, sale_id: str, line: int, units: int, *, paid: int, day: date = DAY) -> str:
        """A return for cash."""
        id_ = new_id()
        back = ReturnedLine(1, sale_id, line, units * 1000, paid)
        self._post("return", id_, day, take_back(self.session, self._where(id_, day), [back]))
        return id_

    def charge(
        self,
        name: str,
        kind: str,
        amount: int,
        against: str,
        *,
        day: date = DAY,
        available_on: date | None = None,
        returns: str | None = None,
    ) -> str:
        """A settlement line of any kind: + for the producer, against another account. Answers its id."""
        line_id, producer_id = new_id(), self.producer(name)
        made = Accrued(
            postings=[
                PostingDraft("unsettled", -amount, producer_id, producer_id, settlement_line_id=line_id),
                PostingDraft(against, amount),
            ],
            settlement_lines=[
                {
                    "id": line_id, "operator_id": self.operator_id, "producer_id": producer_id, "kind": kind,
                    "amount_vnd": amount, "business_date": day, "available_on": available_on or day,
                    "share_id": None, "returns_line_id": returns, "note": None,
                }
            ],
        )  # fmt: skip
        self._post(kind, new_id(), day, made, drawer=False)
        return line_id

    def _where(self, event_id: str, day: date) -> Where:
        return Where(self.operator_id, self.site_id, None, None, event_id, day, noon(day))

    def _post(self, kind: str, source_id: str, day: date, made: Accrued, *, drawer: bool = True) -> None:
        postings = list(made.postings)
        if drawer:
            taken = -sum(posting.amount_vnd for posting in postings)
            postings.append(PostingDraft("drawer", taken, DRAWER, site_id=self.site_id, shift_id=DRAWER))
        entry = EntryDraft(new_id(), kind, day, noon(day), kind, source_id, tuple(postings))
        for posted in post_entries(self.session, self.operator_id, [entry], recorded_at=noon(day)):
            keep_settlement_lines(self.session, made.settlement_lines, posted.entry_id, posted.seq)

    def entry(self, source_id: str, kind: str) -> dict[str, int]:
        """Sums by account:dimension of one entry, producers by their short names, zeros dropped."""
        short = {self.producer(name): name for name in RATES} | {self.site_id: "S1", DRAWER: "D1"}
        rows = self.session.execute(
            select(Posting.account, Posting.dimension, Posting.amount_vnd)
            .join(JournalEntry, JournalEntry.id == Posting.entry_id)
            .where(JournalEntry.source_id == source_id, JournalEntry.kind == kind)
        )
        found: dict[str, int] = defaultdict(int)
        for account, dimension, amount in rows:
            found[f"{account}:{short.get(dimension, dimension)}".rstrip(":")] += amount
        return {account: amount for account, amount in found.items() if amount}

    def kinds(self, source_id: str) -> list[str]:
        """The kinds of the entries of a source, in order."""
        wanted = select(JournalEntry.kind).where(JournalEntry.source_id == source_id).order_by(JournalEntry.seq)
        return list(self.session.scalars(wanted))

    def check(self) -> None:
        """Invariants 1, 2, 4 and 5 for this operator."""
        assert self.session.scalar(select(func.sum(Posting.amount_vnd))) in (0, None)
        assert settlement_problems(self.session, self.operator_id) == []


def later(days: int) -> date:
    """So many days after DAY."""
    return DAY + timedelta(days=days)
