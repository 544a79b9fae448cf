"""The only place with status numbers: every kind of trouble becomes one answer, never a traceback."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from pos.kernel.errors import Conflict, Invalid, NotFound, Refused, Trouble
from pos.web.pages import htmx
from pos.web.phrases import phrase

log = logging.getLogger("pos.web")
STATUS = {Invalid: 422, NotFound: 404, Refused: 403, Conflict: 409}
HTTP_WORDS: dict[int, tuple[str, str]] = {
    400: ("Yêu cầu không đọc được.", "The request cannot be read."),
    401: ("Hãy đăng nhập để tiếp tục.", "Log in to go on."),
    403: ("Bạn không có quyền xem trang này.", "You may not see this page."),
    404: ("Không có trang này.", "There is no such page."),
    405: ("Trang này không nhận thao tác đó.", "This page does not take that."),
    413: ("Tệp hoặc dữ liệu gửi lên quá lớn.", "What was sent is too large."),
    429: ("Đã thử quá nhiều lần. Hãy chờ một phút.", "Too many tries. Wait a minute."),
    500: (
        "Có lỗi ở máy chủ. Chưa có gì được ghi; hãy thử lại hoặc báo người quản trị.",
        "Something broke on the server. Nothing was recorded; try again or tell the administrator.",
    ),
    503: ("Máy chủ đang bận. Hãy thử lại sau ít phút.", "The server is busy. Try again in a few minutes."),
}


def status_of(trouble: Trouble) -> int:
    """The HTTP status of a kind."""
    code = trouble.facts.get("status")
    return code if isinstance(code, int) else STATUS.get(type(trouble), 400)


def api_error(status: int, code: str, vi: str, en: str, **more: Any) -> Response:
    """`{error, message_vi, message_en}` with a status."""
    made = jsonify(error=code, message_vi=vi, message_en=en, **more)
    made.status_code = status
    return made


def answer(status: int, code: str, vi: str, en: str) -> ResponseReturnValue:
    """JSON for the API, a fragment for htmx, a page for people."""
    if request.path.startswith("/api/"):
        return api_error(status, code, vi, en)
    words = en if str(get_locale()) == "en" else vi
    template = "web/_trouble.html" if htmx else "web/trouble.html"
    return make_response(render_template(template, status=status, words=words), status)


def init_app(app: Flask) -> None:
    """Register the table of kinds and statuses."""

    @app.errorhandler(Trouble)
    def trouble(error: Trouble) -> ResponseReturnValue:
        vi, en = phrase(error.code, type(error).__name__, error.facts)
        return answer(status_of(error), error.code, vi, en)

    @app.errorhandler(CSRFError)
    def csrf(_error: CSRFError) -> ResponseReturnValue:
        return answer(400, "csrf", *phrase("csrf", "Invalid", {}))

    @app.errorhandler(DataError)
    def data(error: DataError) -> ResponseReturnValue:
        log.warning("not for the database: %s", error.orig)
        return answer(400, "http.400", *HTTP_WORDS[400])

    @app.errorhandler(PoolTimeout)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(InternalError)
    @app.errorhandler(OperationalError)
    def database(error: Exception) -> ResponseReturnValue:
        log.exception("database away", exc_info=error)
        return answer(503, "unavailable", *HTTP_WORDS[503])

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        vi, en = HTTP_WORDS.get(status, HTTP_WORDS[400 if status < 500 else 500])
        return answer(status, f"http.{status}", vi, en)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        log.exception("unexpected", exc_info=error)
        return answer(500, "unexpected", *HTTP_WORDS[500])
