"""Nothing is sent into a private network: not by address, by name, by a name that changes, or by a redirect."""

import socket
from ipaddress import ip_address, ip_network

import pytest

from helpline.api import egress

LOCAL = (ip_network("127.0.0.0/8"),)


def looked_up(monkeypatch, *addresses):
    """Let every name stand for these, one set for each time it is looked up; how often it was."""
    asked = []

    def look_up(host, port, **_):
        found = addresses[min(len(asked), len(addresses) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(egress.socket, "getaddrinfo", look_up)
    return asked


def never_dialled(*_, **__):
    raise AssertionError("nobody is to be dialled")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.7", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:0a00:0008::1", "2001:0:a00:8::1", "fec0::1",
    ],
)  # fmt: skip
def test_no_private_address_is_dialled_however_it_is_written(monkeypatch, address):
    looked_up(monkeypatch, [address])
    monkeypatch.setattr(egress, "_ask", never_dialled)
    with pytest.raises(egress.Refused, match="private network"):
        egress.post("https://hooks.example.org/x", b"{}", {})


@pytest.mark.parametrize(
    "host",
    [
        "127.1", "0x7f.1", "0x7F000001", "2130706433", "0177.0.0.1", "10.8", "0", "127.0.0.1.", "[::1]", "[fe80::1%25eth0]",
        "[::ffff:10.0.0.8]", "localhost", "LocalHost.", "hooks.localhost",
    ],
)  # fmt: skip
def test_what_is_inside_is_known_before_anything_is_sent_however_its_number_is_written(monkeypatch, host):
    looked_up(monkeypatch)
    assert egress.is_inside(f"https://{host}/hook") and egress.is_inside(f"https://{host}:8443/hook")


@pytest.mark.parametrize("host", ["93.184.216.34", "[2606:2800:220:1::1]", "1.1", "hooks.example.org", "127.example.org", "mylocalhost.org"])  # fmt: skip
def test_a_number_outside_and_any_other_name_may_be_given(host):
    assert not egress.is_inside(f"https://{host}/hook")


def test_what_is_allowed_may_be_given_in_any_way():
    assert not any(egress.is_inside(f"https://{host}/hook", allow=LOCAL) for host in ("127.1", "localhost"))


def test_one_private_address_among_public_ones_spoils_a_name(monkeypatch):
    looked_up(monkeypatch, ["93.184.216.34", "10.0.0.8"])
    monkeypatch.setattr(egress, "_ask", never_dialled)
    with pytest.raises(egress.Refused):
        egress.post("https://hooks.example.org/x", b"{}", {})


def test_a_name_is_looked_up_once_and_what_was_judged_is_what_is_dialled(monkeypatch):
    asked = looked_up(monkeypatch, ["93.184.216.34"], ["10.0.0.8"])
    dialled = []
    monkeypatch.setattr(egress, "_ask", lambda place, to, *_: dialled.append((place.host, to)) or 204)
    assert egress.post("https://hooks.example.org/x", b"{}", {}) == 204
    assert asked == ["hooks.example.org"]
    assert dialled == [("hooks.example.org", "93.184.216.34")]


def test_allowed_networks_are_the_exception_and_may_be_reached_without_tls():
    assert egress.faults("http://127.0.0.1:9000/hook", allow=LOCAL) == []
    assert egress.faults("http://127.0.0.1:9000/hook") == [
        "must begin with https://",
        "must use one of the ports 443, 8443",
    ]


def test_a_name_that_leads_to_an_allowed_address_still_needs_tls(monkeypatch):
    looked_up(monkeypatch, ["93.184.216.34"])
    with pytest.raises(egress.Refused):
        egress.post("http://hooks.example.org/x", b"{}", {}, allow=LOCAL)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("cases.example.org/hook", "must be an address"),
        ("ftp://cases.example.org/hook", "must be an address"),
        ("https://", "must be an address"),
        ("https://[::1", "is no address"),
        ("https://a:99999/", "is no address"),
        ("http://cases.example.org/hook", "must begin with https://"),
        ("https://me:secret@cases.example.org/hook", "must not hold a user or a password"),
        ("https://cases.example.org/hook#top", "must not hold a #fragment"),
        ("https://cases.example.org:22/hook", "must use one of the ports 443, 8443"),
        ("https://cases.example.org/a b", "printable ASCII"),
        ("https://cases.example.org/" + "a" * 500, "at most 500"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(address, words):
    assert words in " ".join(egress.faults(address))


def test_everything_that_is_wrong_is_told_at_once():
    assert len(egress.faults("http://me:secret@cases.example.org:22/hook#top")) == 4


def test_addresses_of_the_open_internet_are_public():
    assert all(egress.is_public(ip_address(one)) for one in ("93.184.216.34", "2606:2800:220:1::1"))
