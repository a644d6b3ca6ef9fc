"""Whether every change of state has left its line: read from the tables, whatever it was that changed them."""

from itertools import groupby

from sqlalchemy import select

from helpline import db
from helpline.callbacks.models import Callback
from helpline.db.states import Moved
from helpline.live.models import Hold
from helpline.routing.models import Offer, Request
from helpline.telephony.models import Leg

THINGS = (Callback, Hold, Leg, Request, Offer)


def untold() -> list[str]:
    """What is in a state to which no unbroken row of moves has led, a sentence each."""
    found = []
    with db.transaction() as session:
        wanted = select(Moved.kind, Moved.subject_id, Moved.from_state, Moved.to_state)
        moves = session.execute(wanted.order_by(Moved.kind, Moved.subject_id, Moved.id)).all()
        told = {thing: list(lines) for thing, lines in groupby(moves, key=lambda move: (move[0], move[1]))}
        for model in THINGS:
            for id, state in session.execute(select(model.id, model.state)):
                lines, stands = told.get((model.KIND, id), []), None
                first = model.__table__.c.state.default.arg
                for _, _, before, after in lines:
                    if before != (stands or (None if before is None else str(first))):
                        found.append(f"{model.KIND} {id}: from {before}, and it was {stands}")
                    stands = after
                if str(state) != (stands or str(first)):
                    found.append(f"{model.KIND} {id} is {state}, and its moves end with {stands}")
    return found
