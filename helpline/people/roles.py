"""The eight things a person may be; pure. Which page wants which is said on the page's view (`access.allowed`)."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be; one person may be several."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    APPROVER = "approver"
    ENTITY_MEMBER = "entity_member"
    FOCAL_POINT = "focal_point"
    NETWORK_MEMBER = "network_member"
    ADMINISTRATOR = "administrator"


ROLES: tuple[str, ...] = tuple(Role)
LOCALES = ("it", "en")
