"""Every job of the queue, by name: ids in, one service call, done. Nobody imports this: it is rung by name."""

import gc

from sqlalchemy.orm import configure_mappers

from helpline import db
from helpline.api import deliveries, telling
from helpline.calls import clips
from helpline.console import figures_reports_pdf
from helpline.figures import reports
from helpline.figures.exporting import making
from helpline.handbook import sound
from helpline.intake import endings, reaching, stopping
from helpline.live import ringing
from helpline.routing import offers
from helpline.telephony import looking, placing, rooms
from helpline.voice import dictating, dictation_clip, preparing, spoken_notices, takes


def get_ready(queue: str) -> None:
    """Do once what each child would do anew: mappings, the statements that find a project; what opens sounds."""
    if queue == takes.QUEUE:
        preparing.get_ready()
    configure_mappers()
    get_child_ready()
    db.redial()  # no child uses a connection of ours
    gc.collect()
    gc.freeze()  # what is there stays: shared with the children, and never looked through again


def get_child_ready() -> None:
    """Let a child that stays have a connection, which knows the tables that a request is offered with."""
    with db.transaction() as session:
        offers.has_place(session, region=None, country=None, group="self", language="it")
    offers.offer_request(0)  # which nobody made


def offer_request(request_id: int) -> None:
    """Offer a request to an entity that has room."""
    offers.offer_request(request_id)


def sweep_waiting() -> None:
    """Offer all requests that wait and can be offered now."""
    offers.sweep_waiting()


def reach_again(request_id: int) -> None:
    """Have somebody call back whom an entity could not reach."""
    reaching.reach_again(request_id)


def withdraw_stopped(plan_id: int) -> None:
    """Withdraw the requests of a telephone that is not rung any more."""
    stopping.withdraw_stopped(plan_id)


def finish_call(call_sid: str) -> None:
    """Settle a call that has ended."""
    with db.transaction() as session:
        endings.finish_call(session, call_sid)


def fetch_clip(recording_sid: str) -> None:
    """Fetch what a caller said, and delete it at the carrier."""
    clips.fetch_clip(recording_sid)


def make_export(export_id: int) -> None:
    """Make some pieces of a file of rows of the log."""
    making.make(export_id)


def place_leg(leg_id: int) -> None:
    """Ask the carrier for a call that is meant."""
    placing.place_leg(leg_id)


def steer_leg(leg_id: int) -> None:
    """Ask the carrier to end a call, or to lead it to its last words."""
    placing.steer_leg(leg_id)


def leg_changed(leg_id: int) -> None:
    """Tell whoever a call was placed for that it changed."""
    looking.tell(leg_id)


def settle_room(room_id: int) -> None:
    """Bring a room's guest to where they shall be."""
    rooms.settle(room_id)


def match_holds() -> None:
    """Ring for whoever waits and for whom somebody is free."""
    ringing.match()


def tell_entity(outbox_id: int) -> None:
    """Hand what happened to every way in which the entity is told."""
    telling.tell_entity(outbox_id)


def deliver(delivery_id: int) -> None:
    """Send one thing to an entity in one way."""
    deliveries.deliver(delivery_id)


def prepare_recording(take_id: int) -> None:
    """Make a clip of a recording, judge it, put it into the draft."""
    preparing.prepare(take_id)


def speak_notice(notice_id: int) -> None:
    """Have an engine speak a notice, where engines speak the line's prompts."""
    spoken_notices.speak(notice_id)


def speak_phrases(key: int) -> None:
    """Have an engine speak the handbook's key phrases in the language of this key."""
    sound.make_for_key(key)


def fetch_spoken(spoken_id: int) -> None:
    """Fetch what an editor spoke into a telephone, or delete it at the carrier."""
    dictating.fetch(spoken_id)


def prepare_spoken(spoken_id: int) -> None:
    """Make and judge the clip of what an editor spoke into a telephone, before they hear it again."""
    dictation_clip.prepare(spoken_id)


def make_report(report_id: int) -> None:
    """Make a report that somebody asked for."""
    reports.make(report_id)


def print_report(report_id: int) -> None:
    """Make the files of a report that was issued."""
    figures_reports_pdf.print_report(report_id)
