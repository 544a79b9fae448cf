"""Serve: gunicorn (threads, preloaded) where a process can fork, waitress where it cannot."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from waitress.server import create_server

import config as settings
from pos.cli.base import build, trust_origin
from pos.outbox import worker

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
THREADS = 8


class DemoUntilReal:
    """The demo, until its button has begun the real database: then that, without a restart."""

    def __init__(self, demo: Flask) -> None:
        self.demo = demo
        self.began_before = settings.real_begun()
        self.lock = threading.Lock()
        self.real: Flask | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self.chosen().wsgi_app(environ, start_response)

    def chosen(self) -> Flask:
        """Which of the two answers now."""
        if self.began_before or not settings.real_begun():
            return self.demo
        with self.lock:
            if self.real is None:
                self.real = build(settings.from_environment(demo=False))
                trust_origin(self.real)
                worker.start(self.real)
            return self.real


def run(app: Flask, *, host: str, port: int, with_worker: bool) -> None:
    """Serve until stopped."""
    wsgi: Wsgi = DemoUntilReal(app) if app.config["POS_DEMO"] else app.wsgi_app
    if hasattr(os, "fork"):
        _gunicorn(app, wsgi, host=host, port=port, with_worker=with_worker)
    else:
        _waitress(app, wsgi, host=host, port=port, with_worker=with_worker)


def _waitress(app: Flask, wsgi: Wsgi, *, host: str, port: int, with_worker: bool) -> None:
    if with_worker:
        worker.start(app)
    # Forwarded headers reach the application, which believes them only with POS_PROXIES (pos/app.py).
    create_server(wsgi, host=host, port=port, threads=THREADS, clear_untrusted_proxy_headers=False).run()


def _gunicorn(app: Flask, wsgi: Wsgi, *, host: str, port: int, with_worker: bool) -> None:
    from gunicorn.app.base import BaseApplication

    sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")

    def begin_work(_worker: Any) -> None:
        if with_worker:
            worker.start(app)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for key, value in {
                "bind": f"{host}:{port}",
                "worker_class": "gthread",
                "workers": 1 if sqlite else 2,  # SQLite has one writer: one process loses no time on locks
                "threads": THREADS,
                "preload_app": True,
                "timeout": 60,
                "graceful_timeout": 10,
                "keepalive": 5,
                "max_requests": 0,
                "post_worker_init": begin_work,
                "accesslog": None,
                "loglevel": "warning",
                "control_socket_disable": True,
            }.items():
                if key in self.cfg.settings:
                    self.cfg.set(key, value)

        def load(self) -> Wsgi:
            return wsgi

    gc.collect()
    gc.freeze()  # what is loaded stays shared with the workers: counting it again would copy its pages
    gc.set_threshold(
        20_000, 20, 50
    )  # a request leaves few cycles; looking for them every 700 objects cost 5 % of a sale
    Server().run()
