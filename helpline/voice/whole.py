"""Writes a file as a whole or not at all, where several processes share a folder; knows nothing of what is in it."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(path: Path, content: bytes, *, durable: bool = False, mode: int = 0o600) -> None:
    """Write these bytes under a name of their own, then give them the name; nothing of it stays when that fails.

    `durable`: they are on the disk when this returns. `mode`: who may read it. Raises `OSError`: no room, not allowed, no such folder.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    begun = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        begun.chmod(mode)
        begun.replace(path)
    except BaseException:
        with suppress(OSError):  # a full disk would be left fuller by each try
            begun.unlink()
        raise
