"""A web process asks at its own address whether it is answered there, and leaves a beat when it is. Knows no page.

What is asked goes the way of every request, to whichever worker is free: when all are stuck, none is answered, and no
beat is left. What stands before us (a proxy, the network) is not seen from here.
"""

import logging
import threading
import time
from http.client import HTTPConnection, HTTPException

from helpline import db
from helpline.db import tallies
from helpline.routing import beats

log = logging.getLogger(__name__)

PATIENCE = 2.0
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what we listen on, not what we open


def begin(host: str, port: int) -> None:
    """Beat from now on, beside whatever this process does, until it ends."""
    threading.Thread(target=_beat_for_ever, args=(host, port), name="beats", daemon=True).start()


def once(host: str, port: int) -> bool:
    """Leave a beat if the web process is answered at its own address; whether it was left."""
    if not answers(_ANY.get(host, host), port):
        return False
    try:
        beats.beat_of_web()
    except Exception as error:
        log.warning("no beat was left: %s", type(error).__name__)
        return False
    return True


def answers(host: str, port: int) -> bool:
    """Whether a web process says there that it lives."""
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def note() -> None:
    """Write down what this process has counted (refused webhooks, clips that were not there); later, where it fails now."""
    counted = tallies.taken()
    if not counted:
        return
    try:
        with db.transaction(durable=False) as session:
            tallies.write(session, counted)
    except Exception as error:
        tallies.given_back(counted)
        log.warning("what was counted is not written down: %s", type(error).__name__)


def _beat_for_ever(host: str, port: int) -> None:
    while True:
        once(host, port)
        note()
        time.sleep(beats.EVERY)
