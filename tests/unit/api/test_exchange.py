"""However the other side behaves, a try ends by its deadline, and what it said first that counts is what it said."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from ipaddress import ip_network

import pytest

from helpline.api import egress, exchange

LOCAL = (ip_network("127.0.0.0/8"),)
SECONDS, FOR_EVER = 0.5, 20.0
SOON = 15.0  # what nobody who waits for ever would be done in, and any machine is


@contextmanager
def receiver(behave):
    """A machine that takes one connection, and does with it as `behave(connection, over)` says; gives its port."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                behave(connection, over)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join(5)


def again_and_again(said, first=b"", every=0.02):
    def behave(connection, over):
        connection.recv(65536)
        connection.sendall(first)
        until = time.monotonic() + FOR_EVER
        while time.monotonic() < until and not over.wait(every):
            connection.sendall(said)

    return behave


def once(said):
    def behave(connection, _):
        connection.recv(65536)
        connection.sendall(said)

    return behave


def silent(_, over):
    over.wait(FOR_EVER)


def tried(port, scheme="http"):
    """What comes of a try, and how long it took."""
    began = time.monotonic()
    try:
        came = egress.post(f"{scheme}://127.0.0.1:{port}/hooks", b"{}", {}, allow=LOCAL)
    except (egress.NotReached, egress.Answered) as error:
        came = str(error)
    return came, time.monotonic() - began


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(egress, "TRY_SECONDS", SECONDS)


@pytest.mark.parametrize(
    "behave",
    [
        silent,
        again_and_again(b"H", b"HTTP/1.1 "),
        again_and_again(b"x", b"HTTP/1.1 204 No Content\r\nX-Long: "),
        again_and_again(b"X-Line: 1\r\n", b"HTTP/1.1 204 No Content\r\n"),
        again_and_again(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.2),
    ],
    ids=["silent", "status_drips", "header_drips", "headers_without_end", "continue_slowly"],
)
def test_a_receiver_that_drips_or_says_nothing_is_left_at_the_deadline(behave):
    with receiver(behave) as port:
        came, took = tried(port)
    assert came == "too slow"
    assert SECONDS * 0.8 < took < SOON


def test_a_receiver_that_says_continue_for_ever_is_left_after_a_few(monkeypatch):
    monkeypatch.setattr(egress, "TRY_SECONDS", FOR_EVER)
    with receiver(again_and_again(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.001)) as port:
        came, took = tried(port)
    assert (came, took < SOON) == ("no usable answer", True)


def test_a_head_without_end_is_not_read_to_its_end(monkeypatch):
    monkeypatch.setattr(egress, "TRY_SECONDS", FOR_EVER)
    with receiver(again_and_again(b"X-Line: 1\r\n" * 400, b"HTTP/1.1 200 OK\r\n", every=0.001)) as port:
        came, took = tried(port)
    assert (came, took < SOON) == ("no usable answer", True)


def test_a_handshake_that_never_goes_on_ends_with_the_deadline():
    with receiver(silent) as port:
        came, took = tried(port, "https")
    assert came == "too slow"
    assert took < SOON


def test_a_body_without_end_is_not_waited_for():
    with receiver(again_and_again(b"x" * 1000, b"HTTP/1.1 200 OK\r\n\r\n")) as port:
        assert tried(port)[0] == 200


def test_a_look_up_that_takes_too_long_is_left(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(egress.socket, "getaddrinfo", lambda *_, **__: over.wait(FOR_EVER) and [])
    began = time.monotonic()
    with pytest.raises(egress.NotReached, match="in time"):
        egress.post("https://hooks.example.org/x", b"{}", {})
    over.set()
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    ("said", "came"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.0 200 OK\n\n", 200),
        (b"HTTP/1.1 202 Accepted", 202),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "answered 101"),
        (b"HTTP/1.1 503 Later\r\n\r\n", "answered 503"),
        (b"SSH-2.0-x\r\n\r\n", "no usable answer"),
        (b"HTTP/1.1 2000 x\r\n\r\n", "no usable answer"),
        (b"", "no usable answer"),
    ],
)  # fmt: skip
def test_the_first_answer_that_counts_is_taken(said, came):
    with receiver(once(said)) as port:
        assert tried(port)[0] == came


def test_a_request_is_whole_and_no_header_can_add_another():
    assert exchange.request("/x", "here", {"A": "b"}, b"{}") == (
        b"POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\nConnection: close\r\nA: b\r\n\r\n{}"
    )
    with pytest.raises(ValueError, match="line"):
        exchange.request("/x", "here", {"A": "b\r\nC: d"}, b"{}")
