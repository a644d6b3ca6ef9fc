"""Every component of the console on one page, for those who build further pages; only with a stand-in carrier."""

from datetime import timedelta

from werkzeug.wrappers import Response

from helpline import clock, languages
from helpline.console.access import onward
from helpline.console.forms import Form
from helpline.console.pages import Pages
from helpline.console.rendering import notice, page, part
from helpline.people.access import anyone
from helpline.voice import catalogue

_COLOURS = (
    "paper", "card", "ink", "soft", "line", "edge", "shade", "accent", "accent-back", "bad", "bad-back",
    "warn-back", "warn-ink", "busy-back", "busy-ink", "focus",
)  # fmt: skip

pages = Pages("style")


@pages.get("/style")
@anyone
def guide() -> Response:
    """All components."""
    texts = catalogue.repository()
    wrong = Form({"name": "", "kind": "two"})
    wrong.fault("name", "Fill this in.")
    return page(
        "style/guide.html",
        now=clock.now(),
        hours=timedelta(hours=1),
        colours=_COLOURS,
        greetings=[(language, texts.text(language.code, "welcome")) for language in languages.LANGUAGES],
        form=Form({"name": "Amina", "kind": "one"}),
        wrong=wrong,
    )


@pages.get("/style/live")
@anyone
def live() -> Response:
    """What changes by itself."""
    return part("style/live.html", now=clock.now())


@pages.post("/style")
@anyone
def tried() -> Response:
    """A form of the guide was sent: nothing is kept."""
    return notice(onward("/style"), "Saved: a message is shown once, on the next page.")
