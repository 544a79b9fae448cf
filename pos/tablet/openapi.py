"""OpenAPI 3.1 of the till API, generated from the schemas the intake itself reads with."""

from __future__ import annotations

from typing import Any

import msgspec

from pos.tablet.forms import Enrol, Rescue
from pos.till.commands import KINDS, Envelope
from pos.till.forms.displays import Message

ERROR = {"$ref": "#/components/schemas/Error"}
BEARER: list[dict[str, list[str]]] = [{"device": []}]
STATUSES = ("recorded", "flagged", "repeated", "held", "quarantined")
REF = "#/components/schemas/{name}"


def document(version: str) -> dict[str, Any]:
    """The whole document. Bodies by kind are `oneOf` on `Event.body`."""
    types = [Envelope, Enrol, Rescue, Message, *dict.fromkeys(KINDS.values())]
    refs, schemas = msgspec.json.schema_components(types, ref_template=REF)
    by_type = dict(zip(types, refs, strict=True))
    schemas |= {
        "Event": {
            "description": "An event as sent: envelope, body by `kind`, `hash` over all but `hash` and `private`.",
            "allOf": [
                by_type[Envelope],
                {
                    "type": "object",
                    "required": ["body", "hash"],
                    "properties": {
                        "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "private": {"type": ["object", "null"], "description": "Outside the hash; kept sealed, apart."},
                        "body": {"oneOf": [by_type[body] for body in dict.fromkeys(KINDS.values())]},
                    },
                },
            ],
            "x-body-by-kind": {kind: by_type[body] for kind, body in sorted(KINDS.items())},
        },
        "Batch": _object(
            {
                "sent_at": _text("date-time"),
                "events": {"type": "array", "maxItems": 500, "items": {"$ref": REF.format(name="Event")}},
            },
            "events",
        ),
        "Result": _object(
            {
                "id": {"type": ["string", "null"]},
                "index": {"type": "integer", "description": "Place in the batch, where the id cannot be read."},
                "seq": {"type": ["integer", "null"]},
                "status": {"enum": list(STATUSES)},
                "flags": {"type": "array", "items": {"type": "string"}},
                "why": {"type": "string"},
            },
            "id", "status", "flags",
        ),
        "Answer": _object(
            {
                "results": {"type": "array", "items": {"$ref": REF.format(name="Result")}},
                "received_through": {"type": "integer"},
                "missing": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
                "books": {"type": ["string", "null"]},
                "epoch": {"type": "integer"},
                "min_app": {"type": "string"},
                "server_time": _text("date-time"),
            },
            "results", "received_through", "missing", "epoch", "server_time",
        ),
        "Error": _object(
            {"error": {"type": "string"}, "message_vi": {"type": "string"}, "message_en": {"type": "string"}},
            "error", "message_vi", "message_en",
        ),
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "OCOP POS till API", "version": version},
        "paths": _paths(by_type[Enrol]),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
        },
    }


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _text(form: str) -> dict[str, Any]:
    return {"type": "string", "format": form}


def _json(schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _refusals(*statuses: int) -> dict[str, Any]:
    words = {
        400: "Not this JSON: nothing was done", 401: "Unknown or revoked token", 404: "No such thing for this operator",
        413: "Over 1 MiB unpacked or 500 events, or a picture over 3 MB", 415: "No picture by its type",
        422: "The code is wrong, spent or too old", 429: "Too many tries",
        503: "Database away: what was committed before stays",
    }  # fmt: skip
    return {str(status): _json(ERROR, words[status]) for status in statuses}


def _paths(enrol: dict[str, Any]) -> dict[str, Any]:
    receipt = [{"name": "receipt_no", "in": "path", "required": True, "schema": {"type": "string"}}]
    anything = {"type": "object"}
    return {
        "/api/till/enrol": {
            "post": {
                "summary": "Redeem a code: a new log and its token",
                "requestBody": {"required": True, "content": {"application/json": {"schema": enrol}}},
                "responses": {"200": _json(anything, "device, token, till, books, epoch")} | _refusals(400, 422, 429),
            }
        },
        "/api/till/events": {
            "post": {
                "summary": "Take a batch of events in; each has a status of its own",
                "security": BEARER,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": REF.format(name="Batch")}}},
                },
                "responses": {"200": _json({"$ref": REF.format(name="Answer")}, "What became of each")}
                | _refusals(400, 401, 413, 429, 503),
            }
        },
        "/api/till/catalogue": {
            "get": {
                "summary": "Goods, people, keys and settings since a version",
                "security": BEARER,
                "parameters": [{"name": "since", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
                "responses": {
                    "200": _json(
                        anything, "version, full, products, removed, staff, promotions, bundles, terms, keys, settings"
                    )
                }
                | {"304": {"description": "Nothing new"}}
                | _refusals(400, 401),
            }
        },
        "/api/till/drawer": {
            "post": {
                "summary": "Open the drawer at the till's printer, without a receipt",
                "security": BEARER,
                "responses": {"202": _json(anything, "opening")} | _refusals(401, 404),
            }
        },
        "/api/till/receipts/{receipt_no}": {
            "get": {
                "summary": "A receipt of this operator: as it was made, and what has come back of it",
                "security": BEARER,
                "parameters": receipt,
                "responses": {
                    "200": _json(anything, "receipt_no, sale, sold_at, document, body, names, backs, corrections")
                }
                | _refusals(401, 404),
            }
        },
        "/api/till/receipts/{receipt_no}/print": {
            "post": {
                "summary": "Print a copy on the till's network printer",
                "security": BEARER,
                "parameters": receipt,
                "responses": {"202": _json(anything, "copy: its number")} | _refusals(401, 404),
            }
        },
        "/api/till/rescue": {
            "post": {
                "summary": "Another device's events, sealed by it for the server's rescue key; answers as /events",
                "security": BEARER,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": REF.format(name="Rescue")}}},
                },
                "responses": {"200": _json({"$ref": REF.format(name="Answer")}, "What became of each")}
                | _refusals(400, 401, 404, 503),
            }
        },
        "/api/till/photos/{sha256}": {
            "post": {
                "summary": "A picture whose SHA-256 an event names (`product.new`): JPEG, PNG or WebP of at most 3 MB",
                "security": BEARER,
                "parameters": [{"name": "sha256", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {"required": True, "content": {"image/jpeg": {"schema": _text("binary")}}},
                "responses": {"200": _json(anything, "sha256: it was here"), "201": _json(anything, "sha256: kept")}
                | _refusals(400, 401, 413, 415, 422, 429),
            }
        },
        "/api/till/display": {
            "post": {
                "summary": "A key for the customer's screens of this till; the one before it ends",
                "security": BEARER,
                "responses": {"200": _json(anything, "key, expires_at")} | _refusals(401),
            },
            "put": {
                "summary": "The till's last word to its customer's screen",
                "security": BEARER,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": REF.format(name="Message")}}},
                },
                "responses": {"200": _json(anything, "watched: a screen asked within a minute")}
                | _refusals(400, 401, 404, 413),
            },
            "delete": {
                "summary": "End the pairing",
                "security": BEARER,
                "responses": {"204": {"description": "Over"}} | _refusals(401),
            },
            "get": {
                "summary": "What a customer's screen sees; the bearer is the key of the till's QR, good for 18 hours",
                "security": BEARER,
                "parameters": [{"name": "since", "in": "query", "schema": {"type": "integer", "minimum": 0}}],
                "responses": {"200": _json(anything, "n, age_ms, message: null when it is `since`")} | _refusals(401),
            },
        },
        "/api/till/status": {
            "get": {
                "summary": "What the server has of this tablet",
                "security": BEARER,
                "responses": {"200": _json(anything, "received_through, greatest, shifts, books, epoch")}
                | _refusals(401),
            }
        },
    }
