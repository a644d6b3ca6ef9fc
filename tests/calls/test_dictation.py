"""An editor records prompts by telephone: their own rings, a number, how it sounds now, the tone, again, a key; then it is in
the draft. Whatever is lost, doubled or broken off: nothing is kept that nobody kept, and nothing stays at the carrier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline import clock, db
from helpline.calls import reconciling
from helpline.calls.models import Clip
from helpline.config import Settings
from helpline.line import notices
from helpline.people.accounts import Who
from helpline.people.roles import Role
from helpline.simulator.carrier import Carrier
from helpline.telephony import carrier as telephony
from helpline.voice import catalogue, dictating, dictation, dictations, drafts, sets, takes, wav
from helpline.voice.dictation_models import Dictation, Spoken
from helpline.voice.dictation_words import GUIDES
from helpline.voice.takes_models import PromptTake
from tests.calls.caller import Caller
from tests.calls.dialled import do, legs
from tests.calls.standin import StandIn
from tests.integration import people_rows
from tests.integration.people_deeds import told
from tests.unit.voice import sounds

OWN = "+393330000777"
IT = GUIDES["it"]
MAIN = "main_callback"


@pytest.fixture
def app(own_app: Flask) -> Flask:
    return own_app


@pytest.fixture(autouse=True)
def _fast(carrier: Carrier, settings: Settings) -> None:
    telephony.use(StandIn(carrier, replace(settings, calls_a_second=500.0)))


@pytest.fixture
def elena(carrier: Carrier) -> Who:
    return people_rows.make("elena", name="Elena", roles=(Role.EDITOR,), phone=OWN, password=None)


@pytest.fixture
def telephone_of_elena(telephone: Callable[..., Caller]) -> Caller:
    return telephone(OWN)


def text(caller: Caller) -> str:
    return " ".join(heard.text for heard in caller.heard)


def rows(table: Any) -> list[Any]:
    with db.transaction() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def sounds_held() -> list[bytes | None]:
    with db.transaction() as session:
        return list(session.scalars(select(func.coalesce(Spoken.wav, Spoken.clip)).order_by(Spoken.id)))


def begins(caller: Caller) -> Caller:
    caller.rings().answers()
    assert IT.hello in text(caller)
    caller.presses("1")
    assert IT.number in text(caller)
    return caller


def chooses(caller: Caller, number: int) -> Caller:
    caller.presses(f"{number}#")
    return caller


def speaks(
    caller: Caller, work: Callable[[], None], seconds: float = 3.0, *, expects: str = IT.choices, **how: float
) -> Caller:
    """Speak after the tone, and wait until it is heard again."""
    caller._mark()
    caller.call.speak(seconds, spoken(seconds, **how), key="#")
    assert IT.moment in text(caller)
    return hears_it_again(caller, work, expects)


def clips(session: Session, digest: str) -> dict[str, bytes]:
    return dict(sets.fetch(session, [digest]))


def spoken(seconds: float = 3.0, **how: float) -> bytes:
    return wav.write(sounds.talk(seconds, **how), {})


def hears_it_again(caller: Caller, work: Callable[[], None], expects: str = IT.choices) -> Caller:
    for _ in range(dictation.WAITS):
        work()
        caller.keeps_silent()
        if expects in text(caller):
            return caller
    raise AssertionError("what was recorded is not heard again")


def played(caller: Caller, app: Flask) -> bytes:
    """The sound that the carrier asks for, to play again what was recorded."""
    (url,) = [heard.url for heard in caller.heard if "/audio/spoken/" in heard.url]
    return app.test_client().get(url[url.index("/audio/") :]).data


def number() -> int:
    found = dictations.number_of(MAIN)
    assert found is not None
    return found


def drafted(prompt: str = MAIN) -> str | None:
    found: str | None = do(drafts.entry, "bn", prompt).clip
    return found


def test_a_prompt_is_recorded_by_telephone_and_is_in_the_draft(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier, settings: Settings
) -> None:
    dictation_id = do(dictations.call, elena, "bn")
    assert do(dictations.call, elena, "bn") == dictation_id  # a second click rings nobody twice
    caller = begins(telephone_of_elena)
    assert caller.call.from_ == settings.callback_number
    chooses(caller, number())
    said = text(caller)
    assert f"Messaggio {number()}." in said and IT.speak in said
    assert catalogue.load().text("bn", MAIN) in said  # the carrier's voice says it now
    speaks(caller, work)
    assert len(carrier.recordings) == 0  # fetched, and deleted there
    caller.presses("1")
    assert IT.kept in text(caller) and IT.number in text(caller)
    work()
    (take,) = rows(PromptTake)
    assert (take.way, take.speaker, take.by_id, take.state) == ("telephone", "Elena", elena.id, "ready")
    assert drafted() == take.clip_hash
    chooses(caller, number())
    assert f"/audio/{take.clip_hash}.wav" in [
        heard.url.removeprefix(settings.public_url) for heard in caller.heard
    ]
    caller.hangs_up()
    assert rows(Dictation)[0].ended_at is not None and [leg.to_number for leg in legs()] == [None]
    assert sounds_held() == [None, None]


def test_what_one_hears_again_is_byte_for_byte_what_a_caller_will_hear_and_the_original_stays(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], app: Flask
) -> None:
    do(dictations.call, elena, "bn", MAIN)
    caller = telephone_of_elena.rings().answers().presses("1")
    heard = played(
        speaks(caller, work, level=0.01), app
    )  # rather faint: a remark, which keeps nobody from it
    caller.presses("1")
    assert IT.kept in text(caller)
    work()
    (take,) = rows(PromptTake)
    assert [one["name"] for one in take.warnings] == ["rather_faint"]
    assert {take.clip_hash: heard} == do(clips, take.clip_hash) and heard != spoken(level=0.01)
    assert do(takes.original, take.original_sha) == ("wav", spoken(level=0.01))


@pytest.mark.parametrize("then", ["2", "3", "hangs up"])
def test_a_recording_that_cannot_be_used_is_said_to_be_so_at_once_and_no_key_keeps_it(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier, then: str
) -> None:
    carrier.mischief.duplicate = "sequential"
    do(dictations.call, elena, "bn", MAIN)
    caller = telephone_of_elena.rings().answers().presses("1")
    why = IT.refused.format(reason=IT.reasons["clipped"])
    speaks(caller, work, expects=why, level=3.0).presses("1")
    assert why in text(caller) and IT.refused_choices in text(caller) and IT.choices not in text(caller)
    if then == "hangs up":
        caller.hangs_up()
    else:
        caller.presses(then)
        assert {"2": IT.speak, "3": IT.number}[then] in text(caller)
    work()
    assert [one.state for one in rows(Spoken)] == ["refused"] and rows(PromptTake) == []
    assert sounds_held() == [None] and len(carrier.recordings) == 0
    progress = do(dictations.progress, elena.id)
    assert [remark.name for remark in progress.recordings[0].refusals] == ["clipped"]
    assert [line[2]["why"] for line in told("refused_recording")] == ["clipped"]


def test_what_no_key_is_pressed_about_is_asked_about_and_then_the_call_ends(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None]
) -> None:
    do(dictations.call, elena, "bn", MAIN)
    caller = telephone_of_elena.rings().answers().presses("1")
    speaks(caller, work, expects=IT.refused_choices, level=0.0).presses("1", "1", "1")
    assert IT.bye in text(caller) and caller.is_over and rows(PromptTake) == []


def test_who_waits_while_the_worker_is_busy_hears_what_they_spoke_and_may_keep_it(
    elena: Who,
    telephone_of_elena: Caller,
    work: Callable[[], None],
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    do(dictations.call, elena, "bn", MAIN)
    caller = telephone_of_elena.rings().answers().presses("1")
    with monkeypatch.context() as busy:
        busy.setattr("helpline.jobs.prepare_spoken", lambda spoken_id: None)
        speaks(caller, work)
    assert IT.raw in text(caller) and played(caller, app) == spoken()
    caller.presses("1")
    work()
    assert [take.state for take in rows(PromptTake)] == ["ready"]


def test_two_records_again_and_three_goes_to_another_number(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier
) -> None:
    do(dictations.call, elena, "bn", MAIN)
    caller = telephone_of_elena.rings().answers()
    caller.presses("1")
    assert f"Messaggio {number()}." in text(caller)  # from its page: no number is asked for
    speaks(caller, work).presses("2")
    assert IT.speak in text(caller)
    speaks(caller, work).presses("3")
    assert IT.number in text(caller)
    work()
    assert [spoken.state for spoken in rows(Spoken)] == ["dropped", "dropped"]
    assert rows(PromptTake) == [] and drafted() is None and len(carrier.recordings) == 0


def test_nobody_else_is_led_on_and_a_voicemail_hears_one_sentence(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None]
) -> None:
    do(dictations.call, elena, "bn")
    caller = telephone_of_elena.rings().answers()
    caller.keeps_silent()
    assert caller.is_over
    work()
    do(dictations.call, elena, "bn")
    caller.rings().answers().presses("5")
    assert caller.is_over and rows(Spoken) == []


def test_a_wrong_number_is_said_to_be_one_three_times_then_the_call_ends(
    elena: Who, telephone_of_elena: Caller
) -> None:
    do(dictations.call, elena, "bn")
    caller = begins(telephone_of_elena)
    for wrong in ("0#", "999#"):
        caller.presses(wrong)
        assert IT.unknown in text(caller)
    caller.keeps_silent()
    assert IT.bye in text(caller) and caller.is_over


@pytest.mark.parametrize("when", ["speaking", "waiting", "choosing"])
def test_who_hangs_up_in_between_has_kept_nothing_and_nothing_stays_at_the_carrier(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier, when: str
) -> None:
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number())
    if when == "speaking":
        caller.call.speak(2, hang_up=True)
    elif when == "waiting":
        caller.says(2)
        caller.hangs_up()
    else:
        speaks(caller, work).hangs_up()
    caller.afterwards()
    dictating.sweep()
    assert [spoken.state for spoken in rows(Spoken)] == ["dropped"]
    assert sounds_held() == [None]
    assert rows(PromptTake) == [] and len(carrier.recordings) == 0


def test_the_same_webhooks_twice_make_one_recording_and_one_take(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier
) -> None:
    carrier.mischief.duplicate = "sequential"
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number())
    speaks(caller, work).presses("1")
    assert IT.kept in text(caller)
    caller.hangs_up()
    assert [spoken.state for spoken in rows(Spoken)] == ["kept"]
    assert [take.state for take in rows(PromptTake)] == ["ready"]


def test_a_recording_that_is_late_is_waited_for_and_one_that_never_comes_is_said_to_be_lost(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier
) -> None:
    carrier.mischief.recording_delay = 6
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number())
    caller.says(3)
    hears_it_again(caller, work)
    carrier.mischief.recording_lost = True
    caller.presses("2").says(3)
    for _ in range(dictation.WAITS + 1):
        if IT.lost in text(caller):
            break
        work()
        caller.keeps_silent()
    assert IT.lost in text(caller) and caller.call.waiting_for == "record"
    caller.hangs_up()
    assert [spoken.state for spoken in rows(Spoken)][:2] == ["dropped", "lost"]


def test_who_waits_for_their_own_recording_is_spoken_to_every_few_seconds(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None], carrier: Carrier
) -> None:
    carrier.mischief.recording_delay = 14
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number()).says(3)
    silent, longest = 0.0, 0.0
    while IT.choices not in text(caller):
        assert caller.call.waiting is not None
        silent = caller.call.waiting.timeout + (0.0 if caller.heard else silent)
        longest = max(longest, silent)
        work()
        caller.keeps_silent()
    assert longest <= 3
    assert IT.still in " ".join(one.text for one in caller.call.heard)


def test_silence_after_the_tone_is_asked_about_again(elena: Who, telephone_of_elena: Caller) -> None:
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number())
    caller.keeps_silent()
    assert IT.nothing in text(caller) and caller.call.waiting_for == "record"
    caller.keeps_silent(2)
    assert caller.is_over


def test_a_notice_has_a_number_too_and_is_heard_at_once(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None]
) -> None:
    now = clock.now()
    words = {"it": "Oggi siamo chiusi.", "bn": "আজ আমাদের অফিস বন্ধ।"}
    given = notices.Given(words, now, now + timedelta(hours=3))
    notice_id, _ = do(notices.save, given, who="test")
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), 9000 + notice_id)
    assert words["bn"] in text(caller)
    speaks(caller, work, 2.0).presses("1")
    work()
    assert list(do(notices.one, notice_id).clips) == ["bn"]
    assert do(drafts.entries) == []


def test_a_notice_that_is_not_written_in_a_language_is_read_out_as_written_and_spoken_in_ones_own_words(
    elena: Who, telephone_of_elena: Caller, work: Callable[[], None]
) -> None:
    now = clock.now()
    given = notices.Given({"it": "Oggi siamo chiusi."}, now, now + timedelta(hours=3))
    notice_id, _ = do(notices.save, given, who="test")
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), 9000 + notice_id)
    assert "Oggi siamo chiusi." in text(caller)
    speaks(caller, work, 2.0).presses("1")
    work()
    assert list(do(notices.one, notice_id).clips) == ["bn"]


def test_a_recording_nobody_told_us_of_is_deleted_and_is_no_callers_message(
    elena: Who, telephone_of_elena: Caller, carrier: Carrier, at: Callable[[str], object]
) -> None:
    do(dictations.call, elena, "bn")
    caller = chooses(begins(telephone_of_elena), number())
    carrier.mischief.drop = {"recording", "action"}
    caller.call.speak(2, hang_up=True)
    with db.transaction() as session:
        session.query(Spoken).delete()
    at("2026-11-18 11:00")
    reconciling.reconcile()
    assert len(carrier.recordings) == 0 and rows(Clip) == []


def test_who_may_not_record_a_language_or_has_no_telephone_rings_nobody(elena: Who) -> None:
    with pytest.raises(LookupError):
        do(dictations.call, replace(elena, prompt_languages=("it",)), "bn")
    with pytest.raises(LookupError):
        do(dictations.call, elena, "bn", "no_such_prompt")
    paolo = people_rows.make("paolo", roles=(Role.EDITOR,), phone=None, password=None)
    with pytest.raises(dictations.NoTelephone):
        do(dictations.call, paolo, "bn")
    assert legs() == []
