"""Security headers on every answer: nothing inline, nothing from elsewhere, nothing framed."""

from __future__ import annotations

from flask import Flask, Response, request

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

# The till alone may compile WebAssembly: the camera's barcode reader (docs/decisions/0018). No eval of text.
CSP_WASM = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


# Nobody else sets these, so they are added without looking for others of the same name.
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(), microphone=(), payment=()"),
)


def _guard(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.extend(ALWAYS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        if request.blueprint != "till_api":  # JSON is the same with and without htmx
            response.vary.add("HX-Request")
    return response


def init_app(app: Flask) -> None:
    """Every answer gets them."""
    app.after_request(_guard)
