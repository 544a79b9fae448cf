"""The verbs of people and devices: enter, appoint, hand out keys, enrol tablets."""

from __future__ import annotations

from pos.access.service.cards import choose_pin, issue_card, open_card, revoke_card
from pos.access.service.devices import (
    ALPHABET,
    CODE_LIFE,
    SAME_ANSWER,
    TillPlace,
    enrol,
    find_code,
    make_enrol_code,
    note_state,
    report_stolen,
    revoke_device,
    tells_news,
)
from pos.access.service.entry import (
    LIMIT,
    change_password,
    check_lock,
    check_password,
    forget_failures,
    note_failure,
)
from pos.access.service.people import (
    Giver,
    add_helper,
    add_person,
    give,
    grant,
    invite,
    log_out_everywhere,
    new_password,
    note,
    rename,
    switch,
    take,
)
from pos.access.service.pins import device_pins, set_pin
from pos.access.service.secrets import hash_of, hasher

__all__ = [
    "ALPHABET",
    "CODE_LIFE",
    "LIMIT",
    "SAME_ANSWER",
    "Giver",
    "TillPlace",
    "add_helper",
    "add_person",
    "change_password",
    "check_lock",
    "check_password",
    "choose_pin",
    "device_pins",
    "enrol",
    "find_code",
    "forget_failures",
    "give",
    "grant",
    "hash_of",
    "hasher",
    "invite",
    "issue_card",
    "log_out_everywhere",
    "make_enrol_code",
    "new_password",
    "note",
    "note_failure",
    "note_state",
    "open_card",
    "rename",
    "report_stolen",
    "revoke_card",
    "revoke_device",
    "set_pin",
    "switch",
    "take",
    "tells_news",
]
