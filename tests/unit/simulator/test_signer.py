"""The stand-in's signatures against the vectors that Twilio publishes (TWILIO.md §5)."""

import pytest

from helpline.simulator import signer

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_published_vectors(url: str, expected: str) -> None:
    assert signer.signature(TOKEN, url, FORM) == expected


def test_published_vector_of_the_documentation() -> None:
    form = [(n, "+14158675310" if n in ("From", "Caller") else v) for n, v in FORM]
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert signer.sign_form(TOKEN, url, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_published_vector_with_repeated_names_and_values() -> None:
    form = [
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]
    assert signer.sign_form(TOKEN, URL, form) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_published_vector_of_a_json_body() -> None:
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    assert signer.sign_get(TOKEN, f"{URL}&bodySHA256={digest}") == "a9nBmqA0ju/hNViExpshrM61xv4="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://a.example:8443/x", "https://a.example/x"),
        ("https://[::1]:8443/x", "https://[::1]/x"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("http://10.0.0.5:8000/x", "http://10.0.0.5:8000/x"),
        ("https://user:word@a.example/x#rc=2", "https://a.example/x"),
        ("http://user@a.example:81/x", "http://a.example:81/x"),
        ("https://a.example/x?", "https://a.example/x?"),
        ("https://a.example/x?#rc=2", "https://a.example/x?"),
        ("https://a.example/%7Ecaf%C3%A9/?q=a+b%20c", "https://a.example/%7Ecaf%C3%A9/?q=a+b%20c"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_what_of_the_address_is_signed(url: str, signed: str) -> None:
    assert signer.signed_address(url) == signed


def test_empty_and_foreign_values_are_signed_as_they_are() -> None:
    with_empty = signer.signature(TOKEN, URL, [("A", ""), ("B", "Forlì ")])
    assert with_empty == signer.signature(TOKEN, URL + "AB" + "Forlì ")
    assert with_empty != signer.signature(TOKEN, URL, [("A", ""), ("B", "Forlì")])
