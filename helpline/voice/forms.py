"""What kind of file something is, by its first bytes, and how large one may be; pure. What it says it is counts for
nothing."""

LARGEST = 20_000_000  # bytes of one recording
_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"\x1aE\xdf\xa3", "webm"),
    (4, b"ftyp", "mp4"),
    (4, b"moov", "mp4"),
    (4, b"styp", "mp4"),
    (8, b"AIFF", "aiff"),
    (8, b"AIFC", "aiff"),
    (0, b"caff", "caf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
)
# What we send for it when somebody listens: a browser is never told what the sender said.
TYPES = {
    "wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg", "webm": "audio/webm",
    "mp4": "audio/mp4", "aiff": "audio/aiff", "caf": "audio/x-caf", "aac": "audio/aac",
}  # fmt: skip
_SYNC = 0xFF


def form(raw: bytes) -> str | None:
    """`wav`, `mp3`, `flac`, `ogg`, `webm`, `mp4`, `aiff`, `caf`, `aac`, or `zip`; None for anything else."""
    for at, sign, name in _BEGINNINGS:
        if raw[at : at + len(sign)] == sign:
            return name
    if len(raw) > 1 and raw[0] == _SYNC:
        if raw[1] & 0xF6 == 0xF0:
            return "aac"
        if raw[1] & 0xE0 == 0xE0 and raw[1] & 0x06:
            return "mp3"
    return None


def sound(raw: bytes) -> str | None:
    """The same for files that may be recordings alone."""
    found = form(raw)
    return found if found in TYPES else None
