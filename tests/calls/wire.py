"""Webhooks sent by hand, as the carrier would send them: for tests of what a telephone cannot do."""

from sqlalchemy import func, literal, select, union_all

from helpline import db
from helpline.db.all_models import Base
from helpline.simulator.carrier import Carrier
from helpline.simulator.transport import Answer
from helpline.simulator.twiml import Verb, read
from tests.calls.caller import TAGS, Names

SID = "CA" + "1" * 32
HEARD = "/voice/heard/0"


def form(sid: str | None = SID, **more: str) -> list[tuple[str, str]]:
    """The fields of a webhook about a call; a sid of None leaves it out."""
    given = {"From": "+393330000123", "To": "+39800000000", "CallStatus": "in-progress"} | more
    return ([] if sid is None else [("CallSid", sid)]) + list(given.items())


def post(carrier: Carrier, path: str, sid: str | None = SID, **more: str) -> Answer:
    """Send one signed webhook; every answer is 200 and TwiML that the carrier would run."""
    answer = carrier.forge(path, form(sid, **more))
    assert answer.status == 200, answer
    assert answer.header("Content-Type") == "text/xml; charset=utf-8"
    read(answer.body, answer.header("Content-Type"), first=False)
    return answer


def said(answer: Answer, names: Names) -> set[str]:
    """The names of everything that a document says."""
    return {name for code, text in _texts(answer) for name in names.of(code, text)}


def languages(answer: Answer) -> set[str]:
    """The languages a document speaks."""
    return {code for code, _ in _texts(answer)}


def _texts(answer: Answer) -> list[tuple[str, str]]:
    verbs = read(answer.body, answer.header("Content-Type"), first=False)
    flat: list[Verb] = [one for verb in verbs for one in (verb, *verb.children)]
    return [(TAGS[one.get("language")], " ".join(one.text.split())) for one in flat if one.name == "Say"]


def rows_by_table() -> dict[str, int]:
    """How many rows each table has: what must not change, must not change here."""
    counts = (
        select(literal(name).label("name"), func.count().label("rows")).select_from(table)
        for name, table in Base.metadata.tables.items()
    )
    with db.transaction() as session:
        return {row.name: row.rows for row in session.execute(union_all(*counts))}
