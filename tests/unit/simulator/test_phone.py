"""The telephone in the terminal, and calls that are written down."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from helpline.faults import Faults
from helpline.simulator import names, script, server
from helpline.simulator.client import Client, address
from helpline.simulator.commands import COMMANDS
from helpline.simulator.server import serving
from tests.unit.simulator.application import Application, carrier_for, clip, say

DOCUMENTS: dict[str, Any] = {
    "/voice/incoming": say("Italiano: uno.")
    + '<Gather action="/heard" numDigits="1"><Play>/clip.wav</Play></Gather>',
    "/heard": lambda form: (
        '<Play>/welcome.wav</Play><Record action="/said" maxLength="8"/>' + say("Nessun messaggio")
        if form["Digits"] == "8"
        else say("Tasto sbagliato")
    ),
    "/said": say("Grazie") + '<Pause length="1"/>',
    "/clip.wav": clip("বাংলা: আট।", "bn", "language"),
    "/welcome.wav": clip("স্বাগতম।", "bn", "bn/welcome"),
}
COMMAND = COMMANDS[0]


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    carrier, application = carrier_for(DOCUMENTS, strict=False)
    with serving(carrier, toll_free="+39800000000", callback="+390655500002") as base:
        monkeypatch.setenv("TWILIO_API_URL", base)
        yield application


def talk(*typed: str, **options: Any) -> Result:
    arguments = [word for name, value in options.items() for word in (f"--{name.rstrip('_')}", value)]
    return CliRunner().invoke(COMMAND, arguments, input="".join(f"{one}\n" for one in typed))


def play(tmp_path: Path, text: str, *words: str) -> Result:
    file = tmp_path / "call.txt"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(COMMAND, ["--script", str(file), *words])


def test_a_call_at_the_keyboard(line: Application) -> None:
    result = talk("8", "m 4", from_="withheld")
    assert result.exit_code == 0, result.output
    assert line.forms("/voice/incoming")[0]["From"] == "anonymous"
    assert line.forms("/said")[0]["RecordingDuration"] == "4"
    order = [
        "[it] [voice] Italiano: uno.",
        "[bn] [clip language] বাংলা: আট।",
        "[bn] [clip bn/welcome] স্বাগতম।",
        "(beep)",
        "(recording, up to 8 s",
        "[it] [voice] Grazie",
        "(pause, 1 s)",
        "The call is over: completed",
    ]
    places = [result.output.index(part) for part in order]
    assert places == sorted(places)
    assert all(result.output.count(part) == 1 for part in order)


def test_silence_nonsense_and_hanging_up(line: Application) -> None:
    result = talk("what?", "m", "8", "", from_="+393330000002", to="+390655500002")
    assert "keys 0-9" in result.output and "nobody is recording" in result.output
    assert "Nessun messaggio" in result.output
    assert line.forms("/voice/incoming")[0]["To"] == "+390655500002"
    assert "The call is over" in talk("h").output
    assert "The call is over" in talk().output, "the end of the input hangs up"


SCRIPT = """\
# somebody asks in Bangla
dial +393330000003
hear Italiano: UNO
hear bn
press 8
hear bn/welcome
speak 3
hear grazie
over
dial withheld
press 1
hear tasto sbagliato
over
"""


def test_a_script_that_comes_true(line: Application, tmp_path: Path) -> None:
    result = play(tmp_path, SCRIPT)
    assert result.exit_code == 0, result.output
    assert "> press 8" in result.output and "[bn] [clip bn/welcome]" in result.output
    assert [form["From"] for form in line.forms("/voice/incoming")] == ["+393330000003", "anonymous"]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("dial\nhear hi/welcome", "call.txt:2: hear hi/welcome: not heard: hi/welcome"),
        ("dial\nhear bn\nhear it", "call.txt:3: hear it: not heard: it"),
        ("dial\npress 8\nhear Italiano", "call.txt:3: hear Italiano: not heard"),
        ("dial\nover", "call.txt:2: over: the call goes on, waiting for gather"),
        ("dial\npress 1\npress 2", "call.txt:3: press 2: cannot press a key: the call has ended"),
        ("dial\nspeak 3", "call.txt:2: speak 3: nobody is recording"),
    ],
)
def test_a_script_that_does_not(line: Application, tmp_path: Path, steps: str, said: str) -> None:
    result = play(tmp_path, steps)
    assert result.exit_code == 1 and said in result.output
    assert len(line.forms("/voice/status")) == 1, "the call was hung up"


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    for tag, texts in (
        ("it", 'thanks = "Grazie"\nlines = "Italiano:  uno."\n'),
        ("bn", 'thanks = "Grazie"\n'),
    ):
        (folder / tag).mkdir(parents=True)
        (folder / tag / "texts.toml").write_text(texts + "number = 5\n", "utf-8")
    return folder


def test_what_a_voice_says_is_known_by_its_name_too(line: Application, tmp_path: Path, prompts: Path) -> None:
    text = "dial\nhear it/lines\nhear bn/language\npress 8\nhear bn/welcome\nspeak 3\nhear it/thank\nover\n"
    result = play(tmp_path, text, "--prompts", str(prompts))
    assert result.exit_code == 0, result.output
    result = play(tmp_path, text, "--prompts", str(tmp_path / "nowhere"))
    assert "call.txt:2: hear it/lines: not heard" in result.output, "without texts only clips have names"


@pytest.mark.parametrize("wanted", ["bn/lines", "it/thanks", "it/welcome", "it/number"])
def test_what_a_voice_says_is_not_taken_for_another_text(
    line: Application, tmp_path: Path, prompts: Path, wanted: str
) -> None:
    result = play(tmp_path, f"dial\nhear {wanted}\n", "--prompts", str(prompts))
    assert result.exit_code == 1 and f"not heard: {wanted}" in result.output


def test_a_clip_goes_by_its_own_name_whatever_it_says() -> None:
    known = {("it", "Grazie"): ["thanks"]}
    clip_of_another_text = {"kind": "play", "tag": "it", "name": "goodbye", "text": "Grazie"}
    assert script.hears(clip_of_another_text, "it/goodbye", known)
    assert not script.hears(clip_of_another_text, "it/thanks", known)


def test_a_text_is_known_by_what_stands_before_its_value(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    file = tmp_path / "en" / "texts.toml"
    file.write_text('code_is = "Your code is: {code}."\nagain = "Your code is:"\n', "utf-8")
    assert names.read(tmp_path) == {("en", "Your code is:"): {"code_is", "again"}}
    file.write_bytes(b"\xff")
    with pytest.raises(Faults, match=r"en/texts.toml: cannot be read \(UnicodeDecodeError\)"):
        names.read(tmp_path)
    assert names.read(tmp_path / "nowhere") == {}


def test_all_faults_of_a_script_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_text("press 8\nshout\ndial 12\npress x\nspeak long\nhear\nsilence now\n", "utf-8")
    with pytest.raises(Faults) as caught:
        script.read(file)
    assert [fault.split(":")[1] for fault in caught.value.faults] == [str(n) for n in range(1, 8)]
    assert all(fault.startswith(str(file)) for fault in caught.value.faults)
    file.write_text("# nothing\n", "utf-8")
    with pytest.raises(Faults, match="no steps"):
        script.read(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(Faults, match="cannot be read"):
        script.read(file)


def test_a_bad_script_does_not_dial(line: Application, tmp_path: Path) -> None:
    result = play(tmp_path, "dial\nshout\n")
    assert isinstance(result.exception, Faults) and line.asked == []


def test_only_a_stand_in_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Faults, match="real carrier"):
        Client("https://api.twilio.com")
    with pytest.raises(Faults, match="not an address"):
        Client("carrier")
    with pytest.raises(Faults, match="helpline demo"):
        Client("http://127.0.0.1:9")


def test_something_else_answers() -> None:
    carrier, _ = carrier_for({})
    app = server.create_app(carrier)
    app.view_functions["desk.who"] = lambda: "hello"
    with server._running(app, "127.0.0.1", 0, ticks=False) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        try:
            with pytest.raises(Faults, match="is not the stand-in"):
                Client(f"http://127.0.0.1:{listening.server_port}")
        finally:
            listening.shutdown()
            thread.join()


def test_where_the_stand_in_is(tmp_path: Path) -> None:
    here = {"HELPLINE_DATA_DIR": str(tmp_path)}
    assert address(here) == "http://127.0.0.1:8101"
    (tmp_path / "demo.env").write_text("# demo\nA=b=c\nTWILIO_API_URL=http://127.0.0.1:9999/\n", "utf-8")
    assert address(here) == "http://127.0.0.1:9999"
    assert address(here | {"TWILIO_API_URL": "http://10.0.0.1:1"}) == "http://10.0.0.1:1"


def test_speaking_aloud(line: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[list[str]] = []
    monkeypatch.setattr("shutil.which", lambda name: "/bin/espeak-ng")
    monkeypatch.setattr("subprocess.run", lambda words, check: said.append(words))
    CliRunner().invoke(COMMAND, ["--speak"], input="h\n")
    assert [(words[2], words[-1]) for words in said] == [("it", "Italiano: uno."), ("bn", "বাংলা: আট।")]
    monkeypatch.setattr("shutil.which", lambda name: None)
    result = CliRunner().invoke(COMMAND, ["--speak"], input="h\n")
    assert "not installed" in result.output and "Italiano" in result.output
