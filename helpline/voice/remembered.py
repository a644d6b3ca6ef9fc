"""What a process knew of the published sets, as text for a file of its own: what several sets share stands there once.
Reads and writes no file."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from helpline.voice.manifest import Offer, OwnText
from helpline.voice.sets import Stored

NEVER = (-1, -1)
_OFFER = ("language", "prompt", "clip", "text_hash", "engine")
_TEXT = ("language", "prompt", "text", "repository_hash")


def dumped(stored: Stored) -> bytes:
    """All of it but the version, as JSON."""
    offers, texts = _Once(_OFFER), _Once(_TEXT)
    content = {
        "current": stored.current,
        "speech": offers.places(stored.speech),
        "sets": {
            number: [offers.places(held), texts.places(stored.texts.get(number, ()))]
            for number, held in stored.published.items()
        },
        "offers": offers.rows,
        "texts": texts.rows,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def loaded(content: bytes) -> Stored:
    """What was dumped, of no version, so that it is read anew. Raises `ValueError` for anything else."""
    try:
        known = json.loads(content)
        offers = [Offer(*row) for row in known["offers"]]
        texts = [OwnText(*row) for row in known["texts"]]
        sets = {int(number): held for number, held in known["sets"].items()}
        return Stored(
            version=NEVER,
            current=int(known["current"]),
            published={number: tuple(offers[place] for place in held) for number, (held, _) in sets.items()},
            speech=tuple(offers[place] for place in known["speech"]),
            texts={number: tuple(texts[place] for place in own) for number, (_, own) in sets.items()},
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError("not what was written") from error


class _Once:
    """Rows that stand once, however often they are named."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields, self.rows = fields, list[list[Any]]()
        self._known: dict[Any, int] = {}

    def places(self, things: Iterable[Any]) -> list[int]:
        """Where each of these stands; those that are new are added."""
        return [self._place(one) for one in things]

    def _place(self, one: Any) -> int:
        known = self._known.get(one)
        if known is None:
            known = self._known[one] = len(self.rows)
            self.rows.append([getattr(one, name) for name in self.fields])
        return known
