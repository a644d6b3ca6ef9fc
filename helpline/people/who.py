"""A person as pages and services know them: a value, without what is secret. Knows no session."""

from dataclasses import dataclass
from datetime import datetime

from helpline.people.models import Person


@dataclass(frozen=True)
class Who:
    """A person who may sign in. `in_audit` is the `who` of lines of the audit and of moves.

    `phone_changed_at`: when somebody else gave them another telephone, until they have seen that. `prompt_languages`:
    an editor's; empty means all.
    """

    id: int
    name: str
    login: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    entity_id: str | None
    locale: str
    phone_changed_at: datetime | None = None
    organisation: str | None = None
    prompt_languages: tuple[str, ...] = ()

    @property
    def in_audit(self) -> str:
        """`person <id>`."""
        return f"person {self.id}"


def shown(person: Person) -> Who:
    """A row as everybody else knows it."""
    return Who(
        id=person.id,
        name=person.name,
        login=person.login or "",
        roles=tuple(person.roles),
        languages=tuple(person.languages),
        entity_id=person.entity_id,
        locale=person.locale,
        phone_changed_at=person.phone_changed_at,
        organisation=person.organisation,
        prompt_languages=tuple(person.prompt_languages),
    )
