"""Whether somebody who rang us is the one who asked before: by the code, or by what they said unprompted. For information
and something new nobody has to show that; what was asked before is spoken about, and taken back, only then."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.calls.models import Call
from helpline.intake import finding
from helpline.intake.finding import Found
from helpline.live import sheets
from helpline.people import audit
from helpline.people.accounts import Who
from helpline.phone import PhoneNumber


def code_given(session: Session, hold_id: int, who: Who, code: str) -> bool:
    """Whether this is the code of something that was asked with the telephone that calls; from then on they are known.

    Wrong ones are counted with those that were keyed in the menu: 3 in a call, 5 a day, 10 ever; then no code is right
    any more. Commit also when the answer is False. Raises `sheets.NotTalking` before and after the talk, and for
    anybody but the person who took the call: then no try is counted.
    """
    talk = sheets.talk(session, hold_id, who.id)
    calls_from = session.scalars(select(Call.from_number).where(Call.sid == talk.call_sid)).one_or_none()
    number = PhoneNumber(calls_from) if calls_from else None
    found = finding.find(session, number, code, talk.call_sid, own=True)
    right = isinstance(found, Found)
    if isinstance(found, Found):
        sheets.recognise(session, hold_id, who.id, found.ask.id, "code")
    audit.record(session, who.in_audit, "code_tried", f"hold {hold_id}", right=right)
    return right


def recognised_without_code(session: Session, hold_id: int, who: Who, ask_id: int) -> None:
    """They said unprompted that they had asked this: noted in the audit; from then on they are known.

    Raises `sheets.NotTalking` as `code_given`, and `LookupError` for what was not asked with this telephone.
    """
    if ask_id not in sheets.talk(session, hold_id, who.id).ask_ids:
        raise LookupError(f"hold {hold_id}: ask {ask_id} is not of this telephone")
    sheets.recognise(session, hold_id, who.id, ask_id, "words")
    audit.record(session, who.in_audit, "recognised_without_code", f"hold {hold_id}", ask=ask_id)
