"""What goes wrong with a call before anybody can note it, by the names under which it is counted (`db.tallies`) and told of
(`alerts`). Pure."""

from enum import StrEnum


class Mishap(StrEnum):
    """One thing that is counted. Of the carrier's errors each number by itself: `carrier 11200`."""

    REFUSED = "webhook refused"
    FAILED = "webhook failed"
    RESCUED = "document rescued"
    CLIP = "clip"
    ERROR = "carrier"
