"""How a step of a journey is written: its columns in order, the statement that writes it once, its own words."""

COLUMNS = (
    "at", "call_sid", "turn", "step", "language", "tries", "heard", "did", "kept", "to_step", "to_language", "to_tries",
    "says",
)  # fmt: skip

INTO = (
    f"INSERT INTO steps ({', '.join(COLUMNS)})"
    f" VALUES ({', '.join(f'${place}' for place in range(1, len(COLUMNS) + 1))})"
    " ON CONFLICT (call_sid, turn) DO NOTHING"
)
"""A second webhook of the same turn writes nothing."""

UNPLAYED = "unplayed"
"""Before the carrier's number of the error: it could not play what we sent there, and was given its own voice instead."""

TOLD = "told"
"""The word by which the journey says that a step gave information."""
