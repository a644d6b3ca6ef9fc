"""The work that is looked for again and again: which functions, how often. Runs none of it.

Each is called without arguments, opens its own transactions, and gives how much it did. It does the work itself:
it must not need the queue, which may have lost what was rung.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sweep:
    """A function by its dotted name, and every how many seconds it is called.

    `alone`: in a thread of its own, since it must not wait for the others, however long they take.
    """

    function: str
    every: float
    alone: bool = False


SWEEPS: tuple[Sweep, ...] = (
    Sweep("helpline.routing.beats.beat_of_clock", every=5, alone=True),
    Sweep("helpline.routing.ticking.tick", every=5, alone=True),
    Sweep("helpline.alerts.standing.work", every=30, alone=True),
    Sweep("helpline.alerts.telling.tell", every=10, alone=True),
    Sweep("helpline.alerts.heartbeat.beat", every=60, alone=True),
    Sweep("helpline.intake.reaching.sweep", every=15),
    Sweep("helpline.intake.stopping.sweep", every=15),
    Sweep("helpline.telephony.placing.place_due", every=5),
    Sweep("helpline.telephony.placing.steer_due", every=5),
    Sweep("helpline.telephony.rooms.settle_due", every=5),
    Sweep("helpline.telephony.looking.tell_overdue", every=5),
    Sweep("helpline.telephony.looking.look_up_unclear", every=10),
    Sweep("helpline.telephony.looking.ask_about_stuck", every=15),
    Sweep("helpline.live.ringing.match", every=5),
    Sweep("helpline.live.holds.sweep_gone", every=15),
    Sweep("helpline.live.presence.sweep_ended_shifts", every=60),
    Sweep("helpline.intake.endings.finish_overdue_calls", every=10),
    Sweep("helpline.intake.endings.close_settled_asks", every=60),
    Sweep("helpline.callbacks.claims.sweep_leases", every=10),
    Sweep("helpline.callbacks.concerns.sweep_emptied_windows", every=60),
    Sweep("helpline.api.telling.sweep_untold", every=5),
    Sweep("helpline.api.deliveries.sweep_due", every=10),
    Sweep("helpline.calls.clips.overdue_clips", every=30),
    Sweep("helpline.figures.keeping.count_changes", every=30),
    Sweep("helpline.figures.exporting.making.sweep", every=30),
    Sweep("helpline.figures.reports.sweep", every=60),
    Sweep("helpline.console.figures_reports_pdf.sweep", every=60),
    Sweep("helpline.voice.scheduling.publish_due", every=10),
    Sweep("helpline.voice.dictating.sweep", every=15),
    Sweep("helpline.calls.reconciling.reconcile", every=300),
    Sweep("helpline.calls.reconciling.settle_lost_calls", every=600),
    Sweep("helpline.intake.endings.give_up_old_asks", every=3600),
    Sweep("helpline.intake.endings.close_handed_over_asks", every=3600),
    Sweep("helpline.voice.preparing.sweep", every=30),
    Sweep("helpline.voice.filling.sweep", every=300),
    Sweep("helpline.voice.spoken_notices.sweep", every=300),
    Sweep("helpline.handbook.sound.sweep", every=900),
    Sweep("helpline.api.tokens.warn_of_ends", every=3600),
    Sweep("helpline.alerts.standing.forget_old", every=3600),
    Sweep("helpline.calls.probes.forget_left", every=600),
    Sweep("helpline.privacy.retention.purge_all", every=3600),
)
