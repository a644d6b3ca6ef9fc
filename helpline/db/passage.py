"""Where PostgreSQL may live when we are root and it is another account; knows how to ask and to copy, starts nothing.

PostgreSQL refuses to run as root. Its own account cannot walk through every folder that root can (`/root`, say), and
opening those to everybody is not ours to do. So what that account cannot reach lies in a folder made for it.
"""

import hashlib
import logging
import os
import secrets
import shutil
import stat
from pathlib import Path
from pwd import struct_passwd

log = logging.getLogger(__name__)

HOME = Path("/var/lib/helpline-db")
_PROGRAMS = ("bin", "lib", "share")


class Blocked(Exception):
    """The account cannot get where it must; the text says how to help it."""


def blocked_by(path: Path, account: struct_passwd) -> Path | None:
    """The first folder, from the root down to `path`, that the account cannot walk through; None if it gets there."""
    on_the_way = (*reversed(path.parents), path)
    return next((folder for folder in on_the_way if not _may(folder, account, stat.S_IXOTH)), None)


def place(cluster: Path, account: struct_passwd) -> Path:
    """Where the cluster really lies: in its place if the account gets there, else under `HOME`, with a link to it.

    Raises `Blocked` for a cluster that was made where the account cannot go, or that its link does not lead to.
    """
    if cluster.is_symlink():
        target = cluster.resolve()
        if not target.parent.is_dir():
            raise Blocked(f"{cluster} leads to {target}, which is gone: bring it back, or remove {cluster}")
        return target
    wall = blocked_by(cluster.parent, account)
    if wall is None:
        return cluster
    if cluster.exists():
        raise Blocked(
            f"its account {account.pw_name} cannot pass {wall}. Move {cluster.parent} where it can and name that folder"
            " in HELPLINE_DATA_DIR, or give DATABASE_URL"
        )
    target = _home(account) / secrets.token_hex(6) / cluster.name
    target.parent.mkdir(mode=0o755)
    target.parent.chmod(0o755)  # whatever our umask
    cluster.symlink_to(target)
    log.warning(
        "PostgreSQL's account %s cannot pass %s: the database lies in %s", account.pw_name, wall, target
    )
    return target


def programs(binaries: Path, account: struct_passwd) -> Path:
    """The folder of PostgreSQL's programs: as installed if the account can run them, else a copy under `HOME`."""
    installed = binaries.parent
    readable = (binaries / "postgres", installed / "share" / "postgresql" / "postgres.bki")
    if all(
        blocked_by(file.parent, account) is None and _may(file, account, stat.S_IROTH) for file in readable
    ):
        return binaries
    version = hashlib.sha256((binaries / "postgres").read_bytes()).hexdigest()[:12]
    copy = _home(account) / f"programs-{version}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / installed.parent.name / installed.name / binaries.name


def _copy(installed: Path, copy: Path) -> None:
    """Copy the programs, and the libraries that they look for beside their package, for everybody to read."""
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    package = installed.parent
    for part in _PROGRAMS:
        shutil.copytree(installed / part, unfinished / package.name / installed.name / part)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(unfinished)
        if not copy.exists():
            raise


def _home(account: struct_passwd) -> Path:
    try:
        HOME.mkdir(mode=0o755, exist_ok=True)
    except OSError as error:
        raise Blocked(
            f"its account {account.pw_name} needs {HOME}, which cannot be made ({error.strerror}). Do not run as root,"
            " or give DATABASE_URL"
        ) from None
    if HOME.stat().st_uid == os.geteuid():
        HOME.chmod(0o755)  # whatever our umask was when we made it
    return HOME


def _may(path: Path, account: struct_passwd, other: int) -> bool:
    """Whether the account has the right that `other` (one of `stat.S_I?OTH`) gives to strangers."""
    found = path.stat()
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & other << 6)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & other << 3)
    return bool(found.st_mode & other)
