"""Speaks for the telephone page what the carrier's voice would say, with espeak-ng where it is installed. Knows no call."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

from helpline.simulator import tongues

WORDS_A_MINUTE = 140
_SECONDS = 20


def can_speak(tag: str) -> bool:
    """Whether words in this language can be heard on this machine."""
    return tongues.short(tag) in tongues.TONGUES and shutil.which("espeak-ng") is not None


@lru_cache(maxsize=256)
def wav(tag: str, text: str) -> bytes | None:
    """The words as a WAV file, or None when this machine cannot say them."""
    if not can_speak(tag):
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        command = [
            "espeak-ng",
            "-v",
            tongues.TONGUES[tongues.short(tag)].voice,
            "-s",
            str(WORDS_A_MINUTE),
            "-b",
            "1",
        ]
        try:
            subprocess.run(
                [*command, "-w", str(file), "--stdin"], input=text.encode(), check=True, timeout=_SECONDS
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return file.read_bytes() if file.is_file() else None
