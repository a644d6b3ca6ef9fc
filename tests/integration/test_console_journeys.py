"""A call's page says what that caller heard: the words and the clips of the set it began with, and all that it led to."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpline import clock, db
from helpline.calls import journeys
from helpline.calls.models import Call, Step
from helpline.live.models import Hold, HoldState, Went
from helpline.people.roles import Role
from helpline.routing import answers, offers
from helpline.routing.models import Offer, Request
from helpline.voice import catalogue
from tests.integration import calls_rows, intake_rows, prompt_rows, queue_rows, routing_rows
from tests.integration.console_visits import Visitor, application, words_of

pytestmark = pytest.mark.usefixtures("database")
SID = calls_rows.SID
OURS, THEIRS = "আমাদের নিজের কথা।", "পরের সেটের কথা।"
WAY = (  # what was heard, where it led, what was said there, and for how many seconds somebody stayed
    (None, "language", [], 4),
    ("key 8", "main", ["!bn/welcome"], 11),
    ("silence", "consent", ["bn/welcome", "bn/goodbye"], 23),
    ("key 1", "hold", [], 31),
)


@pytest.fixture
def cora(settings, at):
    at(queue_rows.TUESDAY)
    queue_rows.always()
    return Visitor(application(settings)).sign_in("cora", roles=(Role.COORDINATOR,), locale="en")


def published(by, text, hertz):
    """A set whose greeting has words and a recording of its own; its number, and the recording's hash."""
    digest = prompt_rows.clip(text=text, hertz=hertz)
    prompt_rows.write(by, text, catalogue=catalogue.repository())
    prompt_rows.put(digest, by)
    return prompt_rows.publish(by), digest


def walked(set_id):
    """A call that began with this set and went this way; its id."""
    with db.transaction() as session:
        journeys.begin(session, SID, calls_rows.NUMBER, "+39800000000", set_id=set_id)
    at = clock.now()
    for turn, (heard, step, says, seconds) in enumerate(WAY):
        with db.transaction() as session:
            came = {"heard": heard, "to_step": step, "to_language": "bn" if turn else "-", "says": says}
            session.add(Step(call_sid=SID, turn=turn, step="language", at=at, **came))
        at += timedelta(seconds=seconds)
    calls_rows.status("completed", seconds=sum(seconds for *_, seconds in WAY))
    calls_rows.finish()
    with db.transaction() as session:
        call = session.scalars(select(Call).where(Call.sid == SID)).one()
        call.ended_at = at
        return call.id


def steps_of(page):
    """Each step of the page as (its name, the seconds that it took, what was pressed then), and its markup."""
    found = []
    for each in re.findall(r"<li>\s*(.*?)</li>", page.text.partition('id="way"')[2] or page.text, re.DOTALL):
        name = re.search(r'<code class="soft">([^<]*)</code></p>', each)
        if name:
            stayed = re.search(r"stayed (\d+) s", each)
            pressed = re.findall(r"<p>([^<]*)</p>", each)[-1]
            found.append(((name[1], int(stayed[1]) if stayed else None, pressed), each))
    return found


def test_a_call_is_told_in_the_words_and_the_clips_of_its_own_set_step_by_step(cora):
    editor = prompt_rows.editor()
    (mine, clip), (newer, other) = published(editor, OURS, 440), published(editor, THEIRS, 660)
    assert mine < newer and clip != other
    page = cora.get(f"/calls/{walked(mine)}")
    steps = steps_of(page)
    assert [told for told, _ in steps] == [
        ("language", 4, "pressed 8"),
        ("main", 11, "pressed nothing"),
        ("consent", 23, "pressed 1"),
        ("hold", 31, "The call ended here."),
    ]
    for _, markup in (steps[1], steps[2]):
        assert OURS in markup and f'src="/prompts/clip/{clip}.wav"' in markup
    goodbye = catalogue.repository().text("bn", "goodbye")
    assert goodbye in steps[2][1] and steps[2][1].count("no recording of its own") == 1
    assert "no recording of its own" not in steps[1][1]
    assert THEIRS not in page.text and other not in page.text
    assert catalogue.repository().text("bn", "welcome") not in page.text
    heard = cora.get(f"/prompts/clip/{clip}.wav")
    assert heard.status_code == 200 and hashlib.sha256(heard.data).hexdigest() == clip


def test_a_call_before_anything_was_published_is_told_in_the_repositorys_words(cora):
    published(prompt_rows.editor(), OURS, 440)
    page = cora.get(f"/calls/{walked(0)}")
    assert catalogue.repository().text("bn", "welcome") in page.text
    assert OURS not in page.text and "/prompts/clip/" not in page.text


def test_all_that_a_call_led_to_is_told_with_where_it_stands_and_leads_there(cora):
    call_id = walked(0)
    callback = queue_rows.asked(call=SID, number=calls_rows.NUMBER.e164)
    intake_rows.save_request(SID)
    with db.transaction() as session:
        routing_rows.entity(session, "ente", places=3)
        request = session.scalars(select(Request.id)).one()
        now = clock.now()
        session.add(
            Hold(call_sid=SID, language="bn", state=HoldState.DONE, outcome=Went.HELPED, ended_at=now)
        )
        session.add(Hold(call_sid=SID[::-1], language="bn", state=HoldState.LEFT))  # of another call
    other_callback = queue_rows.asked("bn")
    offer = offers.offer_request(request)
    with db.transaction() as session:
        answers.accept(session, offer, who="test")
        assert session.scalars(select(Offer.id)).all() == [offer]
    page = cora.get(f"/calls/{call_id}")
    led = re.findall(r"<li>(.*?)</li>", page.text.partition("What it led to")[2].partition("</ul>")[0])
    assert [re.sub("<[^>]+>", "", each).strip() for each in led] == [
        "Waited for a person: they talked Helped",
        f"Callback {callback}: waiting",
        f"Request {request}: accepted",
        f"Offer {offer}, ENTE: accepted",
    ]
    links = [link for each in led for link in re.findall('href="([^"]*)"', each)]
    assert links == [f"/callbacks/{callback}", f"/requests/{request}"]
    assert f"/callbacks/{other_callback}" not in page.text
    for link in links:
        assert cora.get(link).status_code == 200, link
    assert "ENTE" in words_of(cora.get(f"/requests/{request}"))
