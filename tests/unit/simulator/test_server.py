"""The telephone page's API, its page, and the stand-in over real HTTP."""

import base64
import http.client
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpline.simulator import Carrier, CarrierRefused, over_http
from helpline.simulator.server import create_app, serving
from helpline.simulator.transport import Budget, NoAnswer
from tests.unit.simulator.application import SID, TOKEN, carrier_for, clip, say

MENU = '<Gather action="/heard" timeout="6"><Play>/clip.wav</Play></Gather>'
DOCUMENTS: dict[str, Any] = {
    "/voice/incoming": say("Benvenuti") + MENU,
    "/heard": '<Record action="/said" maxLength="8"/>',
    "/said": "<Shout/>",
    "/voice/fallback": '<Say voice="Polly.Zeina" language="arb">عذراً</Say>',
    "/clip.wav": clip("বাংলা: আট।", "bn", "bn/language"),
}


@pytest.fixture
def desk() -> FlaskClient:
    carrier, _ = carrier_for(DOCUMENTS, strict=False)
    return create_app(carrier, toll_free="+39800000000", callback="+390655500002").test_client()


def test_a_call_over_the_api(desk: FlaskClient) -> None:
    answer = desk.post("/standin/calls", json={"from": "anonymous", "to": "+390655500002"})
    call = answer.get_json()
    assert answer.status_code == 201 and (call["from"], call["to"]) == ("anonymous", "+390655500002")
    said, clip_ = call["heard"]
    assert (said["text"], said["tag"], said["language"]) == ("Benvenuti", "it", "Italiano")
    assert (clip_["kind"], clip_["tag"], clip_["name"]) == ("play", "bn", "bn/language")
    here = f"/standin/calls/{call['id']}"
    call = desk.post(here + "/press", json={"digits": "3", "more": True, "after": 0.5}).get_json()
    assert call["waiting"]["digits"] == "3" and not call["heard"][1]["whole"]
    call = desk.post(here + "/silence", json={}).get_json()
    assert call["waiting_for"] == "record" and call["waiting"]["longest"] == 8
    call = desk.post(here + "/speak", json={"seconds": 2}).get_json()
    assert call["ended"] and "Shout" in call["troubles"][0]["what"]
    assert call["heard"][-1]["direction"] == "rtl" and call["heard"][-1]["tag"] == "ar"
    assert [deed["deed"] for deed in call["deeds"]] == ["press", "silence", "speak"]
    assert desk.get(here).get_json() == call
    assert desk.post(here + "/hangup", json={}).get_json() == call
    refused = desk.post(here + "/press", json={"digits": "1"})
    assert refused.status_code == 409 and "ended" in refused.get_json()["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/calls", [1]),
        ("/calls", {"from": 5}),
        ("/calls", {"from": "9" * 41}),
        ("/calls/CA0/press", {"digits": "1"}),
    ],
)
def test_nonsense_is_refused(desk: FlaskClient, path: str, body: Any) -> None:
    assert desk.post("/standin" + path, json=body).status_code == 400


def test_a_form_on_another_page_cannot_dial(desk: FlaskClient) -> None:
    assert desk.post("/standin/calls", data={"from": "1"}).status_code == 400
    assert desk.post("/standin/calls", data='{"from": "1"}', content_type="text/plain").status_code == 400


def test_calls_to_the_telephone() -> None:
    carrier, _ = carrier_for({"/out": say("Pronto")})
    app = create_app(carrier)
    desk, outbound = app.test_client(), app.extensions["outbound"]
    for _ in range(2):
        outbound.place("+393330000001", "+390655500002", {"Url": "https://line.example/out"}, [])
        carrier.advance(1)
    first, second = desk.get("/standin/ringing").get_json()["calls"]
    answered = desk.post(f"/standin/calls/{first['id']}/answer", json={}).get_json()
    assert answered["heard"][0]["text"] == "Pronto"
    refused = desk.post(f"/standin/calls/{second['id']}/refuse", json={}).get_json()
    assert refused["status"] == "busy"
    assert desk.get("/standin/ringing").get_json() == {"calls": []}


def test_the_page_runs_nothing_from_elsewhere(desk: FlaskClient) -> None:
    page = desk.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "media-src 'self' https://line.example;" in policy
    assert "style=" not in page.text and "onclick" not in page.text and "<script>" not in page.text
    assert page.text.count("data-key=") == 12 and "+39800000000" in page.text
    for part in ("telephone.css", "telephone.js", "telephone.svg"):
        assert f"/page/{part}" in page.text
        found = desk.get(f"/page/{part}")
        assert found.status_code == 200
        found.close()


def test_a_strict_carrier_says_what_it_refused() -> None:
    carrier, _ = carrier_for({"/voice/incoming": "<Shout/>"})
    answer = create_app(carrier).test_client().post("/standin/calls", json={})
    assert answer.status_code == 502 and "Shout" in answer.get_json()["error"]


def test_over_real_http() -> None:
    carrier, _ = carrier_for(DOCUMENTS)
    with serving(carrier) as address:
        assert carrier.api_url == address
        answer = over_http("GET", address + "/standin", [], b"", Budget())
        assert answer.status == 200 and answer.header("content-type") == "application/json"
        posted = over_http(
            "POST", address + "/standin/calls", [("Content-Type", "application/json")], b"{}", Budget()
        )
        assert posted.status == 201


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer) as nothing:
        over_http("GET", f"http://127.0.0.1:{port}/", [], b"", Budget())
    assert nothing.value.why == "ct"
    carrier = Carrier(SID, TOKEN, f"http://127.0.0.1:{port}", over_http)
    with pytest.raises(CarrierRefused, match="11205"):
        carrier.dial("+39800000000", "+393330000001")


@pytest.mark.parametrize(
    ("said", "why"),
    [(b"", "rt"), (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "rt"), (b"nonsense\r\n\r\n", "cut")],
)
def test_slow_and_broken_answers(said: bytes, why: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = threading.Event()

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(said)
                done.wait(5)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with pytest.raises(NoAnswer) as nothing:
                over_http("POST", f"http://127.0.0.1:{port}/x", [], b"a=b", Budget(read=0.2, total=0.4))
            assert nothing.value.why == why
        finally:
            done.set()
            thread.join()


def test_half_an_answer_is_not_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            line, _ = server.accept()
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NoAnswer) as nothing:
            over_http("GET", f"http://127.0.0.1:{server.getsockname()[1]}/x", [], b"", Budget())
        thread.join()
        assert nothing.value.why == "cut"


def test_no_part_of_the_page_is_missing_from_the_package() -> None:
    folder = Path(__file__).parents[3] / "helpline" / "simulator" / "page"
    assert {file.suffix for file in folder.iterdir()} == {".html", ".css", ".js", ".svg"}


PLACES = [("GET", "/"), ("GET", "/page/telephone.js"), ("GET", "/standin"), ("POST", "/standin/calls"),
          ("GET", f"/2010-04-01/Accounts/{SID}/Calls.json"), ("GET", "/nothing")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PLACES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": "localhost.rebound.example:{port}"},
        {"Host": ""},
        {"Origin": "https://rebound.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "null"},
    ],
)
def test_another_site_in_the_browser_cannot_use_the_carrier(
    method: str, path: str, headers: dict[str, str]
) -> None:
    carrier, _ = carrier_for(DOCUMENTS)
    login = ("Authorization", "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode())
    sent = [login, ("Content-Type", "application/json")]
    with serving(carrier) as address:
        port = address.rpartition(":")[2]
        sent += [(name, value.format(port=port)) for name, value in headers.items()]
        assert status(port, method, path, sent) == 403
    assert not carrier.calls


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_its_own_page_can(name: str) -> None:
    carrier, _ = carrier_for(DOCUMENTS)
    with serving(carrier) as address:
        here = f"{name}:{address.rpartition(':')[2]}"
        sent = [("Host", here), ("Origin", f"http://{here}"), ("Content-Type", "application/json")]
        assert status(here.rpartition(":")[2], "GET", "/", sent) == 200
        assert status(here.rpartition(":")[2], "POST", "/standin/calls", sent) == 201


def status(port: str, method: str, path: str, headers: list[tuple[str, str]]) -> int:
    """The status of the answer to a request with exactly these headers (and a Host, if they name none)."""
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    body = b"{}" if method == "POST" else b""
    try:
        line.putrequest(method, path, skip_host="Host" in dict(headers))
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            line.putheader(name, value)
        line.endheaders(body)
        return line.getresponse().status
    finally:
        line.close()
