"""What happens at the same time in several calls, from several threads: nobody waits for nobody, nothing happens twice."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from helpline.simulator import Call, Carrier, NotPossible
from helpline.simulator.links import Link
from helpline.simulator.timeline import Timeline
from tests.unit.simulator.application import Application, carrier_for, say
from tests.unit.simulator.test_rest import BEGAN, FROM, HERE, Rest

LINE = "+39800000000"
BOTH = (
    '<Dial action="/after"><Conference waitUrl="" beep="false" endConferenceOnExit="true" statusCallback="/room" '
    'statusCallbackEvent="leave end">r</Conference></Dial>'
)


def slowly(page: Any) -> Callable[[dict[str, str]], Any]:
    def answer(form: dict[str, str]) -> Any:
        time.sleep(0.05)
        return page

    return answer


def world(incoming: Any = BOTH) -> tuple[Carrier, Application]:
    pages = {
        "/voice/incoming": incoming,
        "/voice/status": slowly((204, [], b"")),
        "/room": slowly((204, [], b"")),
        "/after": slowly(say("Finito")),
        "/out": '<Gather action="/key" numDigits="1"/>',
        "/key": say("Bene"),
    }
    return carrier_for(pages, clock=lambda: BEGAN)


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    """Do all these at the same moment; what each of them raised."""
    start, raised = threading.Barrier(len(deeds)), []

    def do(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except BaseException as error:  # the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return raised


@pytest.mark.parametrize("round_", range(5))
def test_two_who_both_end_the_conference_hang_up_together(round_: int) -> None:
    carrier, application = world()
    calls = [carrier.dial(LINE, f"+3933300000{n:02d}") for n in range(2)]
    assert at_once(*(call.hang_up for call in calls)) == []
    assert all(call.ended for call in calls)
    events = [form["StatusCallbackEvent"] for form in application.forms("/room")]
    assert sorted(events) == ["conference-end", "participant-leave", "participant-leave"]
    assert len(application.forms("/voice/status")) == 2


def test_a_call_that_is_busy_goes_elsewhere_after_that() -> None:
    carrier, application = world('<Gather action="/slow" numDigits="1"/>')
    in_the_middle, go_on = threading.Event(), threading.Event()

    def slow(form: dict[str, str]) -> str:
        in_the_middle.set()
        go_on.wait(60)
        return '<Gather action="/never"/>'

    application.documents["/slow"] = slow
    application.documents["/elsewhere"] = say("Altrove")
    call = carrier.dial(LINE, FROM)
    thread = threading.Thread(target=call.press, args=("1",))
    thread.start()
    assert in_the_middle.wait(60)
    call.send_to("https://line.example/elsewhere")
    assert not call.ended and call.waiting_for == "nothing"
    go_on.set()
    thread.join(60)
    assert call.ended and call.heard[-1].text == "Altrove"


@pytest.mark.parametrize("round_", range(5))
def test_answered_or_taken_back_but_not_both(round_: int) -> None:
    carrier, application = world()
    call = carrier.outbound.place(FROM, HERE, {"Url": "https://line.example/out"}, [])
    carrier.advance(0)
    raised = at_once(lambda: carrier.outbound.answer(call), lambda: carrier.outbound.cancel(call))
    assert [type(one) for one in raised] == [NotPossible]
    assert call.status == ("canceled" if call.ended else "in-progress")
    assert len(application.forms("/out")) == (0 if call.ended else 1)


def test_taken_back_in_the_very_moment_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    carrier, application = world()
    call = carrier.outbound.place(FROM, HERE, {"Url": "https://line.example/out"}, [])
    carrier.advance(0)
    looks = carrier.outbound._must_ring

    def slow_hand(ringing: Call) -> Any:
        order = looks(ringing)
        carrier.outbound.cancel(ringing)
        return order

    monkeypatch.setattr(carrier.outbound, "_must_ring", slow_hand)
    with pytest.raises(NotPossible, match="canceled"):
        carrier.outbound.answer(call)
    assert call.status == "canceled" and application.forms("/out") == []


def test_of_two_who_answer_one_has_it() -> None:
    carrier, _ = world()
    dialler, one, two = (carrier.new_call(LINE, FROM, "inbound") for _ in range(3))
    link = Link(dialler, carrier.later, [one, two])
    assert link.take(two) and not link.take(one) and link.winner is two
    given_up = Link(dialler, carrier.later, [one])
    given_up.end()
    assert not given_up.take(one)


def test_twenty_orders_at_once_keep_their_distance() -> None:
    carrier, _ = world()
    rest = Rest(carrier)
    order = {"To": FROM, "From": HERE, "Url": "https://line.example/out"}
    assert at_once(*(lambda: rest.outbound.place(FROM, HERE, dict(order), []) for _ in range(20))) == []
    assert sorted(call.queue_seconds for call in carrier.calls.values()) == [float(n) for n in range(20)]


def test_real_time_does_not_run_ahead() -> None:
    moments = [BEGAN]
    timeline, seen = Timeline(lambda: moments[0], real_time=True), []
    timeline.at(BEGAN.replace(second=5), lambda: seen.append("due"))
    timeline.reach(BEGAN.replace(second=30))
    timeline.settle()
    assert seen == [] and timeline.now() == BEGAN
    moments[0] = BEGAN.replace(second=6)
    timeline.reach(timeline.now())
    assert seen == ["due"]


def test_in_real_time_words_that_were_said_do_not_make_a_telephone_stop_ringing() -> None:
    moments = [BEGAN]
    carrier, _ = carrier_for(
        {"/voice/incoming": say("a" * 500) + '<Gather action="/x"/>', "/out": say("Pronto")},
        clock=lambda: moments[0],
        real_time=True,
    )
    rung: Call = carrier.outbound.place(FROM, HERE, {"Url": "https://line.example/out", "Timeout": "20"}, [])
    carrier.advance(0)
    carrier.dial(LINE, "+393330000002")
    assert rung.status == "ringing"
    moments[0] = BEGAN.replace(second=26)
    carrier.advance(0)
    assert rung.status == "no-answer"
