"""Tables of people: for now the lines of the audit. Knows nothing of callers."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline import clock
from helpline.db import Base


class AuditLine(Base):
    """Somebody did or saw something: who, what, about which thing. Appended, never changed."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
