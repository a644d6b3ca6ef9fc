"""What somebody has read of the manual: kept in their own browser alone, so that it shows them what is new, and nobody
else anything. Knows no page."""

import re
from collections.abc import Mapping

from werkzeug.wrappers import Response

from helpline.console.access import jar

COOKIE = "handbook"
KEPT = 400 * 86_400
_MOST = 3500
_READ = re.compile(r"([a-z][a-z0-9-]{0,45}):([1-9]\d{0,5})")


def versions() -> dict[str, int] | None:
    """The versions that were read, by name; None in a browser that was never here."""
    held = jar().get(COOKIE)[:_MOST]
    return {name: int(version) for name, version in _READ.findall(held)} if held else None


def remember(response: Response, read: Mapping[str, int]) -> Response:
    """Keep what was read, in this browser."""
    told = ".".join(f"{name}:{version}" for name, version in read.items())
    jar().put(response, COOKIE, told[:_MOST].rpartition(".")[0] if len(told) > _MOST else told, seconds=KEPT)
    return response


def news(now: Mapping[str, int], read: Mapping[str, int] | None) -> dict[str, str]:
    """What is `new` or `changed` since this browser read it; nothing in one that was never here."""
    if read is None:
        return {}
    return {
        name: "changed" if name in read else "new"
        for name, version in now.items()
        if version > read.get(name, 0)
    }
