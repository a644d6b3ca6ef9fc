"""People for tests: made, invited and with a password, as short as a test wants it."""

import pyotp

from helpline import clock, db
from helpline.people import accounts, second_factor, signing_in
from helpline.people.roles import Role

PASSWORD = "fuori piove, dentro no"
ADDRESS = "192.0.2.7"
BY = "somebody"


def make(login="anna", *, roles=(Role.OPERATOR,), password=PASSWORD, **fields):
    """A person; with a password unless that is None."""
    with db.transaction() as session:
        token = accounts.invite(
            session, login=login, name=fields.pop("name", login.title()), roles=roles, by=BY, **fields
        )
    if password is None:
        with db.transaction() as session:
            return accounts.invited(session, token)
    with db.transaction() as session:
        return accounts.accept(session, token, password)


def enrol(who):
    """Give a person a second factor; its secret and its recovery codes. The code of now is used by this."""
    with db.transaction() as session:
        secret = second_factor.begin_enrolment(session, who.id).secret
        return secret, second_factor.confirm(session, who.id, code(secret))


def code(secret, steps=0):
    """What a telephone shows so many half minutes from now."""
    return pyotp.TOTP(secret).at(clock.now() - clock.offset(), counter_offset=steps)


def begin(login="anna", password=PASSWORD, *, address=ADDRESS, factor_required=False):
    """Try to sign in, as a page does."""
    with db.transaction() as session:
        return signing_in.begin(session, login, password, address=address, factor_required=factor_required)


def second(pending, typed, *, address=ADDRESS):
    """Try a code, as a page does."""
    with db.transaction() as session:
        return signing_in.second(session, pending, typed, address=address)
