"""What the stand-in carrier says when it will not go on: one error that lists every fault; knows nothing else."""

from __future__ import annotations


class CarrierRefused(Exception):
    """Raised where Twilio would warn, stay mute or ring the fallback URL.

    `code` is the number of Twilio's error page, `faults` every reason, `url` the document it is about.
    """

    def __init__(self, code: int, faults: list[str] | str, url: str = "") -> None:
        self.code = code
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        self.url = url
        where = f" in {url}" if url else ""
        super().__init__(f"{code}{where}: " + "; ".join(one.removeprefix(f"{code}: ") for one in self.faults))


class NotPossible(Exception):
    """The person on the telephone cannot do this now: the call has ended, or nothing is being recorded."""
