"""What tests of people do and look at: services in a transaction of their own, the audit, the clock."""

from datetime import timedelta

from helpline import clock, db
from helpline.people import audit
from helpline.people.models import Person
from tests.integration.people_rows import enrol


def do(function, *words, **more):
    """One act in a transaction of its own."""
    with db.transaction() as session:
        return function(session, *words, **more)


def told(what):
    """What the audit has of this kind, newest first."""
    with db.transaction() as session:
        return [(line.who, line.about, line.details) for line in audit.listed(session, what=what)]


def later(**time):
    """Let time pass."""
    clock.set_offset(clock.offset() + timedelta(**time))


def make_secret(who):
    """A second factor whose code of now was not used."""
    secret, recovery = enrol(who)
    with db.transaction() as session:
        session.get(Person, who.id).totp_step = None
    return secret, recovery
