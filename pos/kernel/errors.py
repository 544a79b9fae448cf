"""What can go wrong, by kind. A service raises a kind with a code and facts;
`web/errors.py` knows the status, `web/phrases.py` the sentence."""

from __future__ import annotations


class Trouble(Exception):
    """A refusal with a reason a person can act on."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class Invalid(Trouble):
    """What was sent does not make sense: nothing was done."""


class NotFound(Trouble):
    """There is no such thing, or not for this person."""


class Refused(Trouble):
    """It makes sense, but this person or this rule does not allow it."""


class Conflict(Trouble):
    """It would contradict what is already recorded."""
