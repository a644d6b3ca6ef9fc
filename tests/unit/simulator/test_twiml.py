"""The reader refuses whatever Twilio would only warn about, and lists all of it."""

from typing import Any

import pytest

from helpline.simulator import CarrierRefused, twiml
from tests.unit.simulator.application import response, say

XML = "text/xml; charset=utf-8"


def refusal(inside: str, **how: Any) -> CarrierRefused:
    with pytest.raises(CarrierRefused) as caught:
        twiml.read(response(inside).encode(), XML, **how)
    return caught.value


def test_a_good_document() -> None:
    found = twiml.read(
        response(
            '<!-- welcome --><Gather action="/a" numDigits="1" finishOnKey="">'
            + say("Uno &amp; due")
            + "<Play>/c.wav</Play><Pause/></Gather><Redirect>/b</Redirect>"
        ).encode(),
        XML,
    )
    assert [verb.name for verb in found] == ["Gather", "Redirect"]
    assert [child.name for child in found[0].children] == ["Say", "Play", "Pause"]
    assert found[0].children[0].text == "Uno & due"
    assert found[0].get("finishOnKey", "#") == ""


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", XML, 11770),
        (b" \n", XML, 11770),
        (b"<Response/>", None, 12300),
        (b"<Response/>", "text/html; charset=utf-8", 12300),
        (b"<Response/>", "application/json", 12300),
        (b"<Response/>", "text/xml; charset=latin-1", 12300),
        (b"<Response>", XML, 12100),
        (b"<Response>\xff</Response>", XML, 12100),
        (b"<Response>&nbsp;</Response>", XML, 12100),
        (b'<!DOCTYPE Response [<!ENTITY a "b">]><Response/>', XML, 12100),
        (b'<?xml version="1.1"?><Response/>', XML, 12101),
        (b'<?xml version="1.0" encoding="latin-1"?><Response/>', XML, 12101),
        (b"<response/>", XML, 12102),
        (b"<html/>", XML, 12102),
        (b"<Response><!--" + b"a" * 65536 + b"--></Response>", XML, 11750),
    ],
)
def test_documents_that_are_none(body: bytes, kind: str | None, code: int) -> None:
    with pytest.raises(CarrierRefused) as caught:
        twiml.read(body, kind)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<Shout/>", "not a verb"),
        ("<Echo/>", "not a verb"),
        ("<say>ciao</say>", "write <Say>"),
        ("hello", "text outside a verb"),
        ("<Say>ciao</Say>", "has no voice"),
        ('<Say voice="alice" language="it-IT">ciao</Say>', "mute"),
        ('<Say voice="Google.it-IT-Standard-A" language="it-it">ciao</Say>', "mute"),
        ('<Say voice="Polly.Zeina" language="ar-XA">ciao</Say>', "mute"),
        (say(""), "<Say> is empty"),
        (say("<break/>ciao"), "<break>"),
        (say("a" * 5001), "too long"),
        ('<Play digits="12"/><Play>/x.mp3</Play>', "WAV"),
        ("<Play/>", "either an address or digits"),
        ("<Play>/è.wav</Play>", "not a URL"),
        ("<Play>ftp://a/x.wav</Play>", "neither http"),
        ("<Play>https://my_host/x.wav</Play>", "underscore"),
        ('<Pause length="1.5"/>', "not a whole number"),
        ('<Pause length="0"/>', "not between"),
        ('<Gather numDigits="1"/>', "<Gather> has no action"),
        ('<Gather action=""/>', "empty"),
        ('<Gather action="/a" numdigits="1"/>', "write numDigits"),
        ('<Gather action="/a" num_digits="1"/>', "write numDigits"),
        ('<Gather action="/a" numDigits="one"/>', "not a whole number"),
        ('<Gather action="/a" timeout="-1"/>', "not a whole number"),
        ('<Gather action="/a" timeout="auto"/>', "not a whole number"),
        ('<Gather action="/a" input="speech"/>', "not one of dtmf"),
        ('<Gather action="/a" finishOnKey="##"/>', "0 to 1"),
        ('<Gather action="/a" actionOnEmptyResult="True"/>', "Python value"),
        ('<Gather action="/a" method="post"/>', "GET, POST"),
        ('<Gather action="/a"><Play digits="1"/></Gather>', "13325"),
        ('<Gather action="/a"><Redirect>/b</Redirect></Gather>', "13320"),
        ('<Gather action="/a"><Gather action="/a"/></Gather>', "13320"),
        ('<Gather action="/a">words</Gather>', "text outside a verb"),
        ('<Gather action="/a" actionOnEmptyResult="true"/><Hangup/>', "never reached"),
        ("<Record/>", "<Record> has no action"),
        ('<Record action="/a" maxLength="1"/>', "not between"),
        ('<Record action="/a" transcribe="true"/>', "not an attribute"),
        ('<Record action="/a" recordingStatusCallbackEvent="[\'completed\']"/>', "Python value"),
        ('<Record action="/a" recordingStatusCallbackEvent="completed,absent"/>', "not among"),
        ('<Record action="/a">' + say("x") + "</Record>", "13320"),
        ("<Dial/>", "dials nobody"),
        ("<Dial><Number>800</Number></Dial>", "13223"),
        ("<Dial><Number>+390655500001</Number><Queue>q</Queue></Dial>", "13000"),
        ("<Dial>" + "<Number>+390655500001</Number>" * 11 + "</Dial>", "more than ten"),
        ('<Dial action="/a"><Queue>q</Queue></Dial><Hangup/>', "never reached"),
        ("<Enqueue/>", "<Enqueue> is empty"),
        ("<Leave/>", "13320"),
        ("<Number>+390655500001</Number>", "13320"),
        ("<Redirect/>", "<Redirect> is empty"),
        ("<Redirect>/a b</Redirect>", "not a URL"),
        ("<Redirect>/a</Redirect><Hangup/>", "never reached"),
        ("<Hangup/><Hangup/>", "never reached"),
        (say("a") + "<Reject/>", "first verb"),
        ('<Reject reason="tired"/>', "not one of"),
        ("<Hangup>now</Hangup>", "text outside a verb"),
    ],
)
def test_what_is_refused(inside: str, said: str) -> None:
    assert said in str(refusal(inside))


def test_all_faults_at_once() -> None:
    faults = refusal('<Shout/><Gather numdigits="x"><Dial/></Gather><Pause length="none"/>').faults
    assert len(faults) >= 5


def test_a_call_that_was_answered_cannot_be_rejected() -> None:
    assert "first verb" in str(refusal("<Reject/>", first=False))
    assert twiml.read(response("<Reject/>").encode(), XML)[0].name == "Reject"


@pytest.mark.parametrize(
    ("place", "good", "bad"),
    [
        ("enqueue wait", "<Leave/>", '<Record action="/a"/>'),
        ("conference wait", "<Redirect>/a</Redirect>", '<Gather action="/a"/>'),
        ("number whisper", '<Gather action="/a"/>', "<Dial><Queue>q</Queue></Dial>"),
    ],
)
def test_documents_of_other_places(place: str, good: str, bad: str) -> None:
    assert twiml.read(response(good).encode(), XML, place=place)
    assert "13320" in str(refusal(bad, place=place))
