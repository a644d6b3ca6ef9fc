"""Files that are made in pieces by processes that may be killed between two of them: gzip, and zip with several members. Pure.

A piece is bytes, and what is known so far (`Packed`) is a few numbers that can be kept beside it: whoever has both goes on
where the last one stopped. Each stretch of text is packed by itself and ended so that another may follow.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

LEVEL = 6
_END = b"\x03\x00"
"""The last block of a packed stream, with nothing in it."""
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_MOST = 2**32 - 1
# Version 2.0; sizes follow the content, names are UTF-8; deflated; 1 January 1980.
_HOW = struct.pack("<HHHHH", 20, 0x0808, 8, 0, 0x21)


class TooLarge(Exception):
    """More than four gigabytes in one member: no spreadsheet opens it."""


@dataclass(frozen=True)
class Member:
    """One file within: its name, where its head stands, the checksum and length of its text so far, its packed length."""

    name: str
    at: int
    sum: int = 0
    length: int = 0
    packed: int = 0


@dataclass(frozen=True)
class Packed:
    """What is known so far: bytes written, members that are whole, and the one that is open."""

    written: int = 0
    whole: tuple[Member, ...] = ()
    open: Member | None = None

    def as_words(self) -> dict[str, Any]:
        """As it is kept beside the pieces."""
        return {
            "written": self.written,
            "whole": [vars(one) for one in self.whole],
            "open": vars(self.open) if self.open else None,
        }


def known(words: dict[str, Any]) -> Packed:
    """What `as_words` gave; of nothing, the beginning of a file."""
    if not words:
        return Packed()
    opened = words["open"]
    return Packed(
        words["written"], tuple(Member(**one) for one in words["whole"]), Member(**opened) if opened else None
    )


def more(packed: Packed, text: bytes) -> tuple[bytes, Packed]:
    """Another stretch of the member that is open. Raises `TooLarge`, and ValueError where none is open."""
    if packed.open is None:
        raise ValueError("no member is open")
    if not text:
        return b"", packed
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    out = deflating.compress(text) + deflating.flush(zlib.Z_FULL_FLUSH)
    member = packed.open
    member = replace(
        member,
        sum=zlib.crc32(text, member.sum),
        length=member.length + len(text),
        packed=member.packed + len(out),
    )
    if max(member.length, packed.written + len(out)) > _MOST:
        raise TooLarge(member.name)
    return out, replace(packed, written=packed.written + len(out), open=member)


def gzip_begun() -> tuple[bytes, Packed]:
    """The head of a file of one member without a name."""
    return _GZIP, Packed(len(_GZIP), open=Member("", 0))


def gzip_ended(packed: Packed) -> tuple[bytes, Packed]:
    """Its end."""
    member = packed.open or Member("", 0)
    out = _END + struct.pack("<LL", member.sum, member.length & _MOST)
    return out, Packed(packed.written + len(out), (member,))


def zip_begun(packed: Packed, name: str) -> tuple[bytes, Packed]:
    """The head of another member, after the one before has ended."""
    words = name.encode()
    out = b"PK\x03\x04" + _HOW + struct.pack("<LLLHH", 0, 0, 0, len(words), 0) + words
    return out, Packed(packed.written + len(out), packed.whole, Member(name, packed.written))


def zip_member_ended(packed: Packed) -> tuple[bytes, Packed]:
    """The end of the member that is open."""
    member = packed.open
    if member is None:
        raise ValueError("no member is open")
    member = replace(member, packed=member.packed + len(_END))
    out = _END + b"PK\x07\x08" + struct.pack("<LLL", member.sum, member.packed, member.length)
    return out, Packed(packed.written + len(out), (*packed.whole, member))


def zip_ended(packed: Packed, others: Sequence[tuple[str, bytes]]) -> tuple[bytes, Packed]:
    """Small members that are written at once (name and text), and the list of all, by which the file is read."""
    parts: list[bytes] = []
    for name, text in others:
        for step in (
            lambda now, name=name: zip_begun(now, name),
            lambda now, text=text: more(now, text),
            zip_member_ended,
        ):
            out, packed = step(packed)
            parts.append(out)
    listed = b"".join(_listed(member) for member in packed.whole)
    count = len(packed.whole)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(listed), packed.written, 0)
    out = b"".join([*parts, listed, end])
    return out, replace(packed, written=packed.written + len(listed) + len(end))


def _listed(member: Member) -> bytes:
    words = member.name.encode()
    sizes = struct.pack("<LLLHH", member.sum, member.packed, member.length, len(words), 0)
    return (
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + _HOW
        + sizes
        + struct.pack("<HHHLL", 0, 0, 0, 0, member.at)
        + words
    )
