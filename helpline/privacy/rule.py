"""One rule of what is forgotten, and the statement that does it. Knows no table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, TextClause, Update, column, delete, select, table, text, update


@dataclass(frozen=True)
class Rule:
    """What is forgotten: `columns` of a table (`*`: the row), `after` which time, `since` which moment in words.

    `where` finds rows that are due: `:due` is the moment before which the time has passed.
    """

    table: str
    columns: tuple[str, ...]
    after: timedelta
    since: str
    where: str
    change: Mapping[str, str | TextClause | None] | None = None

    def statement(self, due: datetime, batch: int) -> Update | Delete:
        """The SQL that forgets one batch of what was due before that moment."""
        whole = table(self.table, column("id"), *(column(name) for name in self.change or ()))
        rows = whole.alias("d")
        ids = select(rows.c.id).where(text(self.where).bindparams(due=due)).limit(batch)
        forget = update(whole).values(**self.change) if self.change else delete(whole)
        return forget.where(whole.c.id.in_(ids))
