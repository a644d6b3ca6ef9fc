"""A line with hours, one entity and one project, for tests to change."""

from datetime import date, timedelta

from sqlalchemy import select

from helpline import clock, db, line
from helpline.line.models import LineVersion, WeeklyHours
from helpline.routing.models import Entity, Project


def settle(*, places: int = 20) -> None:
    """Open on weekdays from nine to six, callbacks from nine to nine in the evening, one project for everybody."""
    today = clock.in_rome().date()
    with db.transaction() as session:
        for weekday in range(5):
            session.add(WeeklyHours(kind="opening", weekday=weekday, language=None, opens=9, closes=18))
            session.add(WeeklyHours(kind="callback", weekday=weekday, language=None, opens=9, closes=21))
        session.add(Entity(id="everywhere", name="Everywhere", contact="office@everywhere.example"))
        session.flush()
        session.add(
            Project(
                id="everybody",
                entity_id="everywhere",
                name="Everybody",
                funder="a fund",
                starts_on=today - timedelta(days=400),
                ends_on=date(2099, 12, 31),
                places_total=places,
                regions=["*"],
                countries=["*"],
                groups=["*"],
                languages=["*"],
            )
        )
        session.add(LineVersion(who="test", source="test", changes={}))
    line.forget()


def set_places(places: int, **changes: object) -> None:
    """Change the project."""
    with db.transaction() as session:
        project = session.scalars(select(Project).where(Project.id == "everybody")).one()
        project.places_total = places
        for name, value in changes.items():
            setattr(project, name, value)
        session.add(LineVersion(who="test", source="test", changes={}))
    line.forget()
