"""Alerts look at regular work by its name: the clock must do work of that name."""

from helpline.alerts import gathering, heartbeat
from helpline.sweeps import SWEEPS


def test_what_alerts_look_at_is_done_by_the_clock():
    assert {gathering.FIGURES, heartbeat.ALERTS} <= {sweep.function for sweep in SWEEPS}
