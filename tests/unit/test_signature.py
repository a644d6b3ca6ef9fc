"""The signature of a webhook: published vectors, and agreement with twilio's own validator."""

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from helpline.telephony.signature import is_valid, raw_target, sign

TOKEN = "12345"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


def test_the_published_vector() -> None:
    assert is_valid(TOKEN, URL, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def test_a_port_that_the_carrier_signed_or_dropped() -> None:
    assert is_valid(TOKEN, URL, FORM, "kvajT1Ptam85bY51eRf/AJRuM3w=")
    assert is_valid(TOKEN, URL.replace(".com", ".com:443"), FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert is_valid(TOKEN, URL.replace("https", "http"), FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4=")


def test_repeated_fields() -> None:
    form = [
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]
    assert is_valid(TOKEN, URL, form, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


def test_it_fails_closed() -> None:
    good = sign(TOKEN, URL, FORM)
    assert not is_valid("", URL, FORM, sign("", URL, FORM))
    assert not is_valid(TOKEN, URL, FORM, "")
    assert not is_valid(TOKEN, URL, FORM, None)
    assert not is_valid(TOKEN, URL, FORM, good[:-2] + "x=")
    assert not is_valid(TOKEN, URL + "&baz=3", FORM, good)
    assert not is_valid(TOKEN, URL, [*FORM, ("Digits", "9")], good)
    assert not is_valid(TOKEN, URL, FORM, "ünïcode")


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
hosts = st.sampled_from(
    ["line.example.org", "127.0.0.1:5000", "[::1]:8443", "line.example.org:443", "a.b:8080"]
)
paths = st.sampled_from(["/voice/incoming", "/voice/heard/0/bn/main/3/0", "/a%20b", "/a?x=1&y=%7E", "/"])


@given(st.sampled_from(["http", "https"]), hosts, paths, st.lists(st.tuples(words, words), max_size=8))
def test_it_agrees_with_twilios_own_validator(
    scheme: str, host: str, path: str, pairs: list[tuple[str, str]]
) -> None:
    url = f"{scheme}://{host}{path}"
    validator = RequestValidator(TOKEN)
    signed = validator.compute_signature(url, MultiDict(pairs))
    assert sign(TOKEN, url, pairs) == signed
    for signature in (signed, signed[::-1]):
        assert is_valid(TOKEN, url, pairs, signature) == validator.validate(url, MultiDict(pairs), signature)


def test_the_raw_target_is_what_was_asked_for() -> None:
    assert raw_target({"RAW_URI": "/v?name=caf%C3%A9&a=%7E", "PATH_INFO": "/v"}) == "/v?name=caf%C3%A9&a=%7E"
    assert raw_target({"RAW_URI": "http://host/v?x=1", "PATH_INFO": "/v"}) == "/v?x=1"
    assert raw_target({"PATH_INFO": "/voice/incoming", "QUERY_STRING": ""}) == "/voice/incoming"
