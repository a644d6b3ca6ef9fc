"""A helpline in nine languages for people in Italy who think of going back to their country."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from helpline.config import Settings


def create_app(settings: "Settings") -> "Flask":
    """The web application of these settings; `helpline.db.connect` comes first.

    Raises `Faults` when the menu or a text is at fault: a bad edit fails here, never in a call.
    """
    from flask import Flask

    from helpline import console, web
    from helpline.alerts.probed import probed_blueprint
    from helpline.api import interface
    from helpline.health import health_blueprint
    from helpline.ivr.legs import legs_blueprint
    from helpline.ivr.start import ready_flow, tell_menus
    from helpline.ivr.webhooks import voice_blueprint
    from helpline.voice.library import open_library
    from helpline.voice.serving import audio_blueprint

    app = Flask(__name__, static_folder=None)
    tell_menus()
    library = open_library(settings)
    flow = ready_flow(library.catalogue)
    app.extensions |= {"flow": flow, "library": library}
    web.prepare(app)
    app.register_blueprint(voice_blueprint(settings, flow, library))
    app.register_blueprint(legs_blueprint(settings, library))
    app.register_blueprint(audio_blueprint(library))
    app.register_blueprint(health_blueprint(settings, library))
    app.register_blueprint(probed_blueprint(settings))
    console.register(app, settings)
    interface.register(app, settings)
    return app
