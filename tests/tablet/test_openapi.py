"""The API's description is generated, whole, and true of what the intake answers."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from pos.till.commands import KINDS


def refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(refs(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(refs(value) for value in node))
    return set()


def test_every_till_route_is_described_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    described = {
        (path.replace("{", "<").replace("}", ">"), method.upper())
        for path, methods in document["paths"].items()
        for method in methods
    }
    served = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/till/")
        for method in rule.methods or ()
        if method in ("GET", "POST", "PUT", "DELETE")
    }

    assert document["openapi"] == "3.1.0"
    assert described == served


def test_references_lead_somewhere_and_every_kind_has_a_body(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert refs(document) - known == set()
    assert set(document["components"]["schemas"]["Event"]["x-body-by-kind"]) == set(KINDS)
