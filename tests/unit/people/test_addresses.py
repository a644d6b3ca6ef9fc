"""Whose guesses are counted together."""

import pytest

from helpline.people import addresses


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1, nonsense", "127.0.0.1"),
        (None, "198.51.100.1", "198.51.100.1"),
        (None, "", ""),
    ],
)
def test_the_client_is_whom_our_own_web_server_names(peer, forwarded, client):
    assert addresses.of_client(peer, forwarded) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("", None),
        ("odd", None),
    ],
)
def test_an_address_is_counted_by_its_line_and_this_machine_is_everybody(address, network):
    assert addresses.network(address) == network
