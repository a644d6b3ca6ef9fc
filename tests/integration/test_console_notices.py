"""Notices: written on a page, heard by the next caller, ended early or by themselves, each change with who, when and why."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from rq import Queue
from sqlalchemy import select

from helpline import clock, db, jobs, line
from helpline.line import notices
from helpline.line.models import LineVersion
from helpline.people.roles import Role
from helpline.voice import sets, speech, spoken_notices, takes, wav
from helpline.voice.catalogue import text_hash
from tests.integration import prompt_rows
from tests.integration.console_visits import Visitor, application, words_of
from tests.integration.people_deeds import do, told
from tests.unit.voice import sounds

pytestmark = pytest.mark.usefixtures("database")
STRIKE = "Oggi i nostri uffici sono chiusi per sciopero."
WITHOUT = "en fr es ru uk bn hi"


@pytest.fixture
def app(settings, at):
    at("2026-11-24 10:00")
    return application(settings)


@pytest.fixture
def marta(app):
    return Visitor(app).sign_in("marta", name="Marta", roles=(Role.COORDINATOR,), locale="en")


def form(**changes):
    return {
        "text_it": STRIKE, "text_ar": "مكاتبنا مغلقة اليوم بسبب إضراب.", "starts_day": "2026-11-24",
        "starts_time": "10:00", "ends_day": "2026-11-24", "ends_time": "18:00", "without": WITHOUT, "why": "the unions said so",
    } | changes  # fmt: skip


def rows():
    return do(notices.listed)


def heard():
    line.forget()
    return [notice.texts for notice in line.current().notices_at(clock.now())]


def test_a_notice_is_heard_once_it_is_saved_and_gone_by_itself(app, marta):
    page = marta.post("/notices/new", form())
    assert page.status_code == 303
    (row,) = rows()
    assert heard() == [row.texts] and set(row.texts) == {"it", "ar"}
    said = words_of(marta.get("/notices"))
    assert STRIKE in said and "heard now" in said.lower() and "not in 7 languages" in said
    clock.set_offset(clock.offset() + timedelta(hours=8))
    assert heard() == []
    paolo = Visitor(app).sign_in("paolo", roles=(Role.ADMINISTRATOR,), locale="en")
    assert "Over" in words_of(paolo.get("/notices"))
    assert [line[:2] for line in told("made_notice")] == [(marta.who.in_audit, f"notice {row.id}")]


def test_before_it_is_saved_the_page_says_where_nothing_is_heard(marta):
    page = marta.post("/notices/new", form(without=""))
    assert page.status_code == 422 and rows() == []
    assert f'name="without" value="{WITHOUT}"' in page.text
    assert "never said to them in another language" in words_of(page)
    page = marta.post("/notices/new", form(without="en", text_bn=""))  # said of other languages than these
    assert page.status_code == 422 and rows() == []


def test_everything_that_is_wrong_is_said_at_once_by_its_field(marta):
    wrong = form(
        text_it="Chiusi il 24 # novembre",
        text_en="The operators are away.",
        text_ar="Closed.",
        ends_time="25:00",
    )
    page = marta.post("/notices/new", wrong)
    assert page.status_code == 422 and rows() == []
    for field in ("text_it", "text_en", "text_ar", "ends_time"):
        assert f'href="#f-{field}"' in page.text
    for more in (
        {"ends_time": "09:00"},
        {"ends_day": "2026-11-23"},
        {"ends_day": "2027-06-01"},
        {"text_it": "Uno. " * 110},
    ):
        assert marta.post("/notices/new", form(**more)).status_code == 422
    assert rows() == []


def test_the_hour_that_a_night_of_march_leaves_out_is_no_time(marta):
    page = marta.post("/notices/new", form(ends_day="2027-01-02", starts_day="2027-01-01"))
    assert page.status_code == 303
    page = marta.post(
        "/notices/new", form(starts_day="2027-03-28", starts_time="02:30", ends_day="2027-03-29")
    )
    assert page.status_code == 422 and "no such time" in words_of(page)


def test_it_is_changed_with_a_reason_and_the_page_says_who_and_why(marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    there = f"/notices/{row.id}"
    assert marta.post(there, form(revision=1, why="")).status_code == 422  # why?
    page = marta.post(there, form(revision=1, ends_time="20:00", why="the strike goes on"))
    assert page.status_code == 303
    said = words_of(marta.get(there))
    assert "the strike goes on" in said and "Marta" in said and "end: “the strike goes on”" in said
    with db.transaction() as session:
        versions = session.scalars(select(LineVersion).order_by(LineVersion.id)).all()
    assert [version.why for version in versions] == ["the unions said so", "the strike goes on"]
    assert [version.who for version in versions] == [marta.who.in_audit] * 2
    said = words_of(marta.get("/line/history?kind=notices"))
    assert "end : today 18:00 → today 20:00" in said and "“ the strike goes on ”" in said
    assert f"Italian : {STRIKE}" in said and "“ the unions said so ”" in said
    assert marta.post("/notices/new", form(why="")).status_code == 422 and len(rows()) == 1


def test_who_saves_over_somebody_else_s_change_is_told_and_keeps_their_words(app, marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    elena = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    elena.post(f"/notices/{row.id}", form(revision=1, text_it="Domani riapriamo.", why="x"))
    page = marta.post(f"/notices/{row.id}", form(revision=1, text_it="Chiusi anche domani.", why="y"))
    assert page.status_code == 409
    assert "Chiusi anche domani." in page.text and "Domani riapriamo." in page.text
    assert rows()[0].texts["it"] == "Domani riapriamo."


def test_it_is_ended_early_with_a_reason_and_heard_again_when_it_is_changed(marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    assert marta.post(f"/notices/{row.id}/end", {"end_why": ""}).status_code == 422 and heard()
    marta.post(f"/notices/{row.id}/end", {"end_why": "it was called off"})
    assert heard() == [] and "it was called off" in words_of(marta.get(f"/notices/{row.id}"))
    marta.post(f"/notices/{row.id}/end", {"end_why": "again"})
    assert len(told("ended_notice")) == 1
    marta.post(f"/notices/{row.id}", form(revision=rows()[0].revision, why="it was not"))
    assert len(heard()) == 1


def test_one_that_has_not_begun_is_taken_back_and_never_heard(marta):
    marta.post("/notices/new", form(starts_day="2026-11-25", ends_day="2026-11-26"))
    marta.post(f"/notices/{rows()[0].id}/end", {"end_why": "a mistake"})
    clock.set_offset(clock.offset() + timedelta(days=1, hours=3))
    assert heard() == []


def test_a_fourth_at_the_same_time_is_refused(marta):
    for _ in range(3):
        assert marta.post("/notices/new", form()).status_code == 303
    assert marta.post("/notices/new", form(starts_day="2026-11-20", starts_time="08:00")).status_code == 422
    assert marta.post("/notices/new", form(starts_time="18:00", ends_time="19:00")).status_code == 303


def test_the_words_of_an_older_one_are_offered_for_a_new_one_and_it_can_be_heard_beforehand(marta):
    marta.post("/notices/new", form(starts_day="2026-11-25", ends_day="2026-11-26"))
    (row,) = rows()
    assert STRIKE in marta.get(f"/notices/new?like={row.id}").text
    assert STRIKE in marta.get(f"/prompts/preview/it/welcome?notice={row.id}").text
    assert STRIKE not in marta.get("/prompts/preview/it/welcome").text


def test_a_file_is_checked_and_heard_and_what_is_no_sound_is_refused_in_words(app, marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    there = f"/notices/{row.id}/recording"
    assert marta.post(there, {"language": "it"}).status_code == 403  # a coordinator records nothing
    elena = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    elena.post(there, {"language": "it", "recording": (io.BytesIO(b"no sound"), "note.txt")})
    assert "This is not an audio file" in words_of(elena.get(f"/notices/{row.id}"))
    spoken = io.BytesIO(wav.write(sounds.talk(3.0), {}))
    elena.post(there, {"language": "it", "recording": (spoken, "strike.wav")})
    (take,) = do(takes.of_prompt, "it", row.prompt)
    jobs.prepare_recording(take.id)
    assert rows()[0].clips == {"it": do(takes.find, take.id).clip}
    said = words_of(elena.get(f"/notices/{row.id}"))
    assert "Italian : recorded" in said and f"its number is {9000 + row.id}" in said
    assert elena.post(there, {"language": "xx"}).status_code == 404


@dataclass
class Clip:
    """A recording of a notice."""

    hash: str = "a" * 64


def test_other_words_lose_their_recording_and_the_rest_keeps_its(marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    for code in ("it", "ar"):
        assert do(notices.put_clip, row.id, code, Clip().hash, row.texts[code], who="person 1")
    assert not do(notices.put_clip, row.id, "it", "b" * 64, "Other words.", who="person 1")
    revision = rows()[0].revision
    marta.post(f"/notices/{row.id}", form(revision=revision, text_it="Oggi siamo chiusi.", why="shorter"))
    assert rows()[0].clips == {"ar": Clip().hash}


@pytest.fixture
def engine(monkeypatch):
    """Engines that make a sound of each text, and have spoken a prompt of Italian and one of French; what was asked of them."""
    asked = []

    def speak(engine, language, *, prompt, text):
        asked.append((engine, language, text))
        return sounds.clip(0.2, hertz=300 + 10 * len(asked), prompt=prompt)

    monkeypatch.setattr(speech, "speak", speak)
    for language, name, hertz in (("it", "espeak", 500), ("it", "gtts", 510), ("fr", "espeak", 520)):
        prompt_rows.clip(language=language, text="x", engine=name, source="speech", hertz=hertz)
    return asked


def test_engines_speak_a_notice_as_they_speak_the_prompts_and_a_recording_takes_their_place(
    app, marta, engine
):
    marta.post(
        "/notices/new", form(text_fr="Nos bureaux sont fermés aujourd’hui.", without="en es ru uk bn hi")
    )
    (row,) = rows()
    for _ in range(2):
        jobs.speak_notice(row.id)
    assert sorted(asked[:2] for asked in engine) == [("espeak", "fr"), ("gtts", "it")]
    spoken = rows()[0].clips
    assert set(spoken) == {"it", "fr"}  # nobody speaks Arabic here but the carrier
    said = words_of(marta.get(f"/notices/{row.id}"))
    assert "Italian : spoken by an engine" in said and "Arabic : the carrier's voice" in said
    assert do(sets.speech) and all(offer.prompt != row.prompt for offer in do(sets.speech))
    do(notices.put_clip, row.id, "it", Clip().hash, STRIKE, who="person 1")
    assert do(notices.put_speech, row.id, {"it": "b" * 64}, row.texts, who="worker") == 0
    assert rows()[0].clips == {"it": Clip().hash, "fr": spoken["fr"]}


def test_words_that_changed_are_spoken_anew_also_when_the_bell_was_lost(marta, engine):
    marta.post("/notices/new", form())
    (row,) = rows()
    jobs.speak_notice(row.id)
    marta.post(f"/notices/{row.id}", form(revision=1, text_it="Oggi siamo chiusi.", why="shorter"))
    db.redis().flushdb()
    assert rows()[0].clips == {} and spoken_notices.sweep() == 1
    assert [job.args for job in Queue("slow", connection=db.redis()).jobs] == [(row.id,)]
    jobs.speak_notice(row.id)
    assert [asked[2] for asked in engine] == [STRIKE, "Oggi siamo chiusi."] and spoken_notices.sweep() == 0


def test_it_is_recorded_in_the_browser_as_a_prompt_is(app, marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    elena = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    studio = f"/prompts/record/it?prompt={row.prompt}"
    assert studio in elena.get(f"/notices/{row.id}").text
    page = elena.get(studio)
    assert (
        STRIKE in page.text
        and f'href="/notices/{row.id}"' in page.text
        and "See what the draft" not in page.text
    )
    there = f"/prompts/record/it/{row.prompt}"
    others = spoken_in_browser(elena, there, "Other words.")
    assert others.status_code == 422
    assert marta.post(there).status_code == 403
    sent = spoken_in_browser(elena, there, STRIKE)
    jobs.prepare_recording(sent.json["id"])
    assert rows()[0].clips == {"it": do(takes.find, sent.json["id"]).clip}
    marta.post(f"/notices/{row.id}/end", {"end_why": "it was called off"})
    assert spoken_in_browser(elena, there, STRIKE).status_code == 404


def spoken_in_browser(visitor, there, words):
    recording = io.BytesIO(wav.write(sounds.talk(3.0), {})), "notice"
    return visitor.post(there, {"recording": recording, "speaker": "Elena", "hash": text_hash(words)})


def test_a_language_in_which_nothing_is_written_is_left_to_who_speaks_it(app, marta):
    marta.post("/notices/new", form())
    (row,) = rows()
    elena = Visitor(app).sign_in("elena", roles=(Role.EDITOR,), locale="en")
    said = words_of(elena.get(f"/prompts/record/hi?prompt={row.prompt}"))
    assert "say it in your own words" in said and STRIKE in said
    assert STRIKE in words_of(elena.get("/prompts/telephone/hi"))
    sent = spoken_in_browser(elena, f"/prompts/record/hi/{row.prompt}", "")
    jobs.prepare_recording(sent.json["id"])
    take = do(takes.find, sent.json["id"])
    assert rows()[0].clips == {"hi": take.clip} and not take.warnings
    assert "Hindi : recorded" in words_of(marta.get(f"/notices/{row.id}"))
    assert "not in 6 languages" in words_of(marta.get("/notices"))
    kept = form(revision=1, ends_time="19:00", why="longer")
    marta.post(f"/notices/{row.id}", kept)
    assert set(rows()[0].clips) == {"hi"}  # the same words
    marta.post(f"/notices/{row.id}", form(revision=2, text_it="Oggi siamo chiusi.", why="shorter"))
    assert rows()[0].clips == {}  # it said what the others said before
