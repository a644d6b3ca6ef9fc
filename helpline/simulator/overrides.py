"""The connection overrides in a webhook URL's fragment, `#rc=2&rp=5xx,rt` (TWILIO.md §2.1). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpline.simulator.refusal import CarrierRefused
from helpline.simulator.transport import Budget

_RANGES = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000), "rc": (0, 5)}
_REASONS = ("4xx", "5xx", "ct", "rt", "all")


@dataclass(frozen=True)
class Overrides:
    """How long to wait for one webhook, how often to try again, and after what."""

    budget: Budget = field(default_factory=Budget)
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def again(self, why: str) -> bool:
        """True if a failure of this kind (`ct rt 4xx 5xx`) is tried once more. Half an answer never is."""
        return why != "cut" and ("all" in self.retry_on or why in self.retry_on)


def read(url: str) -> Overrides:
    """The overrides of this URL. Raises CarrierRefused listing what is unknown or out of range."""
    faults: list[str] = []
    numbers = {"ct": 5000, "rt": 15000, "tt": 15000, "rc": 1}
    retry_on = frozenset({"ct"})
    fragment = url.partition("#")[2]
    for item in fragment.split("&") if fragment else []:
        key, _, value = item.partition("=")
        if key in _RANGES:
            low, high = _RANGES[key]
            if value.isascii() and value.isdigit() and low <= int(value) <= high:
                numbers[key] = int(value)
            else:
                faults.append(f"#{key}={value} is not a whole number from {low} to {high}")
        elif key == "rp":
            unknown = [word for word in value.split(",") if word not in _REASONS]
            if unknown:
                faults.append(f"#rp: {unknown} not among {', '.join(_REASONS)}")
            retry_on = frozenset(value.split(","))
        elif not (key == "sni" and value in ("y", "n")) and not (key == "e" and value):
            faults.append(f"#{item} is not a connection override")
    if faults:
        raise CarrierRefused(11100, faults, url)
    budget = Budget(numbers["ct"] / 1000, numbers["rt"] / 1000, numbers["tt"] / 1000)
    return Overrides(budget, numbers["rc"], retry_on)
