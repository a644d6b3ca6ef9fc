"""Makes a page out of a template: words, filters, headers, notices. Knows no page's content."""

from typing import Any

from flask import (
    Flask,
    g,
    has_request_context,
    make_response,
    render_template,
    request,
)
from flask_babel import Babel, force_locale
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from helpline.config import Settings
from helpline.console import figures_tabs, formats, labels, nav
from helpline.console.access import STAY_HEADER, csrf_token, current, jar, remember_visitor
from helpline.console.access import settings as settings_now
from helpline.console.cookies import LANGUAGE, NOTICE, Jar
from helpline.console.files import version
from helpline.console.words import LOCALES, Words, language, translations

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone={}, payment=(), usb=()"
_YEAR = 31_536_000


def prepare(app: Flask, settings: Settings) -> None:
    """Give the application what the console's templates rely on. Costs nothing in requests that render none."""
    secure = settings.public_url.startswith("https:")
    app.extensions["console_jar"] = Jar(settings.secret_key.encode(), secure)
    app.extensions["console_settings"] = settings
    babel = Babel(app, default_locale="it", default_timezone="Europe/Rome", locale_selector=locale)
    babel.domain_instance = Words()
    environment = app.jinja_env
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel added
        gettext=lambda sentence: translations(language()).gettext(sentence),
        ngettext=lambda one, many, count: translations(language()).ngettext(one, many, count),
        newstyle=True,
    )
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(formats.FILTERS)
    environment.filters.update(labels.FILTERS)
    environment.globals.update(
        csrf_token=csrf_token,
        current_person=current,
        asset=asset,
        rooms=nav.entries,
        top_bar=nav.bar,
        figures_tabs=figures_tabs.tabs,
        locale=language,
    )


def locale() -> str:
    """The reader's language: as the account says, else as chosen in this browser, else as the browser asks."""
    if not has_request_context():
        return "it"
    if "who" in g and g.who is not None:
        return str(g.who.locale)
    chosen = jar().get(LANGUAGE)
    return chosen if chosen in LOCALES else request.accept_languages.best_match(LOCALES) or "it"


def asset(name: str) -> str:
    """Where a file of ours is: an address that changes when a file does, so that browsers keep it for ever."""
    return f"/static/{version()}/{name}"


def page_in(locale: str, template: str, status: int = 200, **values: Any) -> Response:
    """A whole page in the language of somebody whom we know although nobody is signed in."""
    with force_locale(locale):
        return page(template, status, **values)


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A whole page. `values` are the template's; what the shell needs comes by itself."""
    shown = jar().unsealed("notice", jar().get(NOTICE)) or []
    response = make_response(
        render_template(template, notices=shown, stand_in=not settings_now().real_carrier, **values),
        status,
    )
    if shown:
        jar().drop(response, NOTICE)
    return dress(response)


def part(template: str, **values: Any) -> Response:
    """A part of a page, for htmx."""
    return dress(make_response(render_template(template, **values)))


def notice(response: Response, text: str, *, kind: str = "good") -> Response:
    """Say something on the next page that opens, once. `kind`: `good`, `info` or `bad`."""
    jar().put(response, NOTICE, jar().sealed("notice", [[kind, str(text)]]), seconds=60)
    return response


def needs_microphone() -> None:
    """Let the page of this request ask for the microphone."""
    g.microphone = "(self)"


def dress(response: Response) -> Response:
    """Put the headers on that all pages of the console have."""
    headers = response.headers
    if STAY_HEADER in request.headers and "Location" in headers:
        response.status_code, response.data = 204, b""
        headers["X-Go"] = headers.pop("Location")
    headers["Content-Security-Policy"] = POLICY
    headers["Permissions-Policy"] = _PERMISSIONS.format(g.get("microphone", "()"))
    headers.setdefault("Cache-Control", "no-store")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers["Vary"] = "Cookie, Accept-Language"
    if jar().secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    remember_visitor(response)
    return response
