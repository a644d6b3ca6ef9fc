"""The wallboard: how the line stands now, on a screen that nobody touches; and the screens that may show it. Shows nobody's data.

News come as server-sent events, one in each answer: a web process has one thread for whoever asks, and a stream would hold it
(ADR 30).
"""

from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from helpline import clock, db
from helpline.alerts import reading, wording
from helpline.alerts.reading import Standing
from helpline.console.access import jar, person
from helpline.console.files import version
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import dress, notice, page
from helpline.console.words import language
from helpline.figures import screens, wall
from helpline.figures.wall import Picture
from helpline.people.access import allowed, anyone
from helpline.people.roles import Role

AGAIN_SECONDS = 3
"""So soon a browser asks for news again."""
KEPT_SECONDS = 2.0
"""For so long a process gives the same picture to all screens."""
SCREEN = "screen"
_LONG = 400 * 86_400
pages = Pages("figures_wall")
coordinators = allowed(Role.COORDINATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Board:
    """What stands on the wall."""

    picture: Picture
    alerts: tuple[Standing, ...]


class _Kept:
    """The board as this process last read it."""

    def __init__(self) -> None:
        self.lock, self.read_at = Lock(), -KEPT_SECONDS
        self.board: Board | None = None

    def now(self, fresh: bool = False) -> Board:
        """The board; read again when it is older than `KEPT_SECONDS`, or where it must be `fresh`."""
        with self.lock:
            if self.board is None or fresh or monotonic() - self.read_at >= KEPT_SECONDS:
                with db.transaction(durable=False) as session:
                    self.board = Board(wall.picture(session), tuple(reading.standing(session)))
                self.read_at = monotonic()
            return self.board


_kept = _Kept()


@pages.get("/wall")
@coordinators
def shown() -> Response:
    """The wallboard, for who is signed in."""
    return _wall("figures_wall.events", signed_in=True)


@pages.get("/wall/events")
@coordinators
def events() -> Response:
    """What is new on the wallboard."""
    return _news()


@pages.get("/wall/screen")
@anyone
def screen() -> Response:
    """The wallboard, for a screen that was connected."""
    token = _watching()
    if not token:
        return page("figures_wall/over.html", 410)
    response = _wall("figures_wall.screen_events", signed_in=False)
    jar().put(response, SCREEN, token, seconds=_LONG)
    return response


@pages.get("/wall/screen/events")
@anyone
def screen_events() -> Response:
    """What is new on the wallboard; nothing, and the browser asks no more, for a screen that is ended."""
    return _news() if _watching() else dress(Response(status=204))


@pages.get("/wall/screens")
@coordinators
def listed() -> Response:
    """Which screens there are, and a form for another one."""
    return _listed(Form())


@pages.post("/wall/screens")
@coordinators
def made() -> Response:
    """A new screen: the link that connects it is shown once."""
    form = Form(request.form)
    name = form.reason("name")
    if len(name) > 60:
        form.fault("name", gettext("Use at most %(most)s characters.", most=60))
    if not form:
        return _listed(form)
    with db.transaction() as session:
        try:
            token = screens.make(session, name, person())
        except screens.TooMany:
            form.fault(
                "name", gettext("There are %(most)s screens already: end one first.", most=screens.MOST)
            )
    if not form:
        return _listed(form)
    return _listed(Form(), link=url_for("figures_wall.connect", token=token, _external=True))


@pages.post("/wall/screens/<int:screen_id>/end")
@coordinators
def ended(screen_id: int) -> Response:
    """Take a screen off the wall."""
    with db.transaction() as session:
        if not screens.end(session, screen_id, person()):
            abort(404)
    return notice(
        redirect(url_for("figures_wall.listed"), 303), gettext("The screen shows nothing any more.")
    )


@pages.get("/wall/screen/<token>")
@anyone
def connect(token: str) -> Response:
    """What the link connects, and a button: programs that look at links press none."""
    with db.transaction(durable=False) as session:
        name = screens.to_connect(session, token)
    return page("figures_wall/connect.html", 200 if name else 410, name=name, token=token)


@pages.post("/wall/screen/<token>")
@anyone
def connected(token: str) -> Response:
    """From now on this browser shows the wallboard, and nothing else."""
    with db.transaction() as session:
        own = screens.connect(session, token)
    if own is None:
        return page("figures_wall/connect.html", 410, name=None, token=token)
    response = redirect(url_for("figures_wall.screen"), 303)
    jar().put(response, SCREEN, own, seconds=_LONG)
    return response


def _listed(form: Form, link: str = "") -> Response:
    with db.transaction(durable=False) as session:
        found = screens.listed(session)
    return page("figures_wall/screens.html", 200 if form else 422, form=form, screens=found, link=link)


def _watching() -> str:
    """The token of the screen that asks, or nothing."""
    token = jar().get(SCREEN)
    with db.transaction(durable=False) as session:
        return token if screens.may_watch(session, token) else ""


def _wall(endpoint: str, *, signed_in: bool) -> Response:
    return page(
        "figures_wall/wall.html", board=_kept.now(fresh=True), said=_said, now=clock.now(), version=version(), signed_in=signed_in,
        events=url_for(endpoint), again=AGAIN_SECONDS * 5,
    )  # fmt: skip


def _said(alert: Standing) -> str:
    return wording.title(alert.kind, alert.subject, alert.about, alert.facts, language())


def _news() -> Response:
    """One event, and the end: the browser comes back by itself. Where nothing changed it says only what time it is."""
    part = render_template("figures_wall/board.html", board=_kept.now(), said=_said)
    name = sha256(f"{version()}\n{part}".encode()).hexdigest()[:16]
    moment = f"{clock.now().timestamp():.0f} {version()}"
    lines = [f"retry: {AGAIN_SECONDS * 1000:.0f}"]
    if request.headers.get("Last-Event-ID") == name:
        lines += ["event: same", f"data: {moment}"]
    else:
        lines += ["event: picture", f"id: {name}", f"data: {moment}"]
        lines += [f"data: {line}" for line in part.splitlines() if line.strip()]
    response = make_response("\n".join(lines) + "\n\n")
    response.mimetype = "text/event-stream"
    return dress(response)
