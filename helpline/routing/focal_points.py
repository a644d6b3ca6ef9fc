"""The directory of Focal Points: who they are, for which regions, and every change of it. Knows no page and no menu."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, select
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql import column

from helpline import clock, phone
from helpline.line import loading as line
from helpline.people import audit
from helpline.people.roles import Role
from helpline.places import REGION_CODES
from helpline.routing.network_models import FocalPoint

EVERYWHERE = "*"
LONGEST = {"name": 80, "organisation": 120, "hours": 120, "email": 120}
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,80}\.[A-Za-z]{2,24}")
_people = named("people", column("id"), column("login"), column("roles", ARRAY(Text)), column("disabled_at"))


@dataclass(frozen=True)
class Row:
    """One Focal Point as pages show it; `login` of their account, or None."""

    id: str
    name: str
    organisation: str
    regions: tuple[str, ...]
    telephone: str
    email: str | None
    hours: str | None
    login: str | None
    ended: bool

    @property
    def everywhere(self) -> bool:
        """Whether they are there for all regions."""
        return EVERYWHERE in self.regions


def listed(session: Session, *, ended: bool = False) -> list[Row]:
    """Those of today by name; with `ended` those who are it no more."""
    which = FocalPoint.ended_at.is_not(None) if ended else FocalPoint.ended_at.is_(None)
    return _rows(session, which, order=FocalPoint.name)


def one(session: Session, focal_id: str) -> Row | None:
    """A Focal Point by its id, or None."""
    return next(iter(_rows(session, FocalPoint.id == focal_id)), None)


def of_region(session: Session, region: str | None) -> list[Row]:
    """Whom offices of a region may turn to, those of that region alone first; None: only who is there for all."""
    found = listed(session)
    own = [row for row in found if region in row.regions]
    return own + [row for row in found if row.everywhere]


def regions_of(session: Session, person_id: int) -> tuple[str, ...]:
    """The regions of the Focal Point whose account this is; none for everybody else."""
    wanted = select(FocalPoint.regions).where(
        FocalPoint.person_id == person_id, FocalPoint.ended_at.is_(None)
    )
    regions = session.scalars(wanted).one_or_none() or []
    return REGION_CODES if EVERYWHERE in regions else tuple(regions)


def is_address(text: str) -> bool:
    """Whether this looks like an address for e-mail."""
    return bool(_EMAIL.fullmatch(text))


def is_dialled(text: str) -> bool:
    """Whether these are digits that can be dialled in Italy."""
    judged = phone.judge(text).verdict if re.fullmatch(r"[0-9]{3,15}", text) else phone.Verdict.NOT_VALID
    return judged not in {phone.Verdict.SHORT, phone.Verdict.NOT_VALID}


def account(session: Session, login: str) -> int | None:
    """The id of the account of a Focal Point by its login: one with that role that is not disabled, else None."""
    wanted = select(_people.c.id).where(
        _people.c.login == login,
        _people.c.disabled_at.is_(None),
        _people.c.roles.contains([Role.FOCAL_POINT.value]),
    )
    return session.scalar(wanted)


def account_taken(session: Session, person_id: int, focal_id: str) -> bool:
    """Whether this account belongs to another Focal Point."""
    other = select(FocalPoint.id).where(FocalPoint.person_id == person_id, FocalPoint.id != focal_id)
    return session.scalar(other) is not None


def new_id(session: Session, name: str) -> str:
    """A free id made of a name's letters: `anna-bianchi`, `anna-bianchi-2`. Ids stand in addresses of pages and in the
    audit, where no telephone number may, should somebody write one into the name."""
    plain = re.sub(r"[^a-z]+", "-", name.lower()).strip("-")[:40] or "focal-point"
    known = set(
        session.scalars(select(FocalPoint.id).where(FocalPoint.id.startswith(plain, autoescape=True)))
    )
    number = 1
    while (found := plain if number == 1 else f"{plain}-{number}") in known:
        number += 1
    return found


def save(session: Session, focal_id: str, fields: Mapping[str, Any], *, who: str) -> bool:
    """Add a Focal Point, or change the fields that differ; the line says the new number at once. Whether it changed.

    `fields`: name, organisation, regions, telephone, email, hours, person_id. The caller has judged them.
    """
    line.lock(session)
    changes: dict[str, Any] = {}
    line.upsert(session, FocalPoint, {"id": focal_id}, dict(fields), changes, f"focal point {focal_id}")
    return _noted(session, focal_id, changes, who=who, what="changed_focal_point")


def end(session: Session, focal_id: str, *, who: str) -> bool:
    """They are it no more: no line and no page names them. False when that is so already, or there is none such."""
    line.lock(session)
    row = session.get(FocalPoint, focal_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at, row.person_id = clock.now(), None
    changes = {f"focal point {focal_id}": {"ended_at": [None, row.ended_at.isoformat()]}}
    return _noted(session, focal_id, changes, who=who, what="ended_focal_point")


def link(session: Session, logins: Mapping[str, str], *, source: str, faults: list[str]) -> None:
    """Give Focal Points (by id) the accounts that a file names; what does not fit is added to `faults`."""
    for focal_id, login in logins.items():
        person_id = account(session, login)
        where = f'{source}: focal point "{focal_id}": login'
        if person_id is None:
            faults.append(f'{where}: there is no account "{login}" with the role {Role.FOCAL_POINT}')
        elif account_taken(session, person_id, focal_id):
            faults.append(f'{where}: "{login}" is the account of another Focal Point')
        else:
            session.get_one(FocalPoint, focal_id).person_id = person_id
            session.flush()


def _noted(session: Session, focal_id: str, changes: dict[str, Any], *, who: str, what: str) -> bool:
    version = line.new_version(session, changes, who=who, source="console")
    if version:
        audit.record(session, who, what, f"focal_point {focal_id}", version=version)
    return version is not None


def _rows(session: Session, which: Any, order: Any = None) -> list[Row]:
    wanted = select(FocalPoint, _people.c.login).outerjoin(_people, _people.c.id == FocalPoint.person_id)
    found = session.execute(
        wanted.where(which).order_by(order, FocalPoint.id) if order is not None else wanted.where(which)
    )
    return [
        Row(
            point.id,
            point.name,
            point.organisation,
            tuple(point.regions),
            point.telephone,
            point.email,
            point.hours,
            login,
            point.ended_at is not None,
        )
        for point, login in found
    ]
