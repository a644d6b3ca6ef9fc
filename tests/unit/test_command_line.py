"""The command line: what it finds, what it says when something is wrong, and with which exit code."""

import importlib
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from helpline import cli, environment, web
from helpline.faults import Faults
from helpline.processes import commands


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; gives exit code, output, and what went to stderr."""

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["helpline", *words])
        try:
            cli.main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def a_command(monkeypatch):
    """Put a command of our own among those of the rooms."""

    def add(function):
        monkeypatch.setitem(cli.COMMANDS, "trial", cli.Place("trial.commands", "A trial."))
        monkeypatch.setattr(cli, "find_spec", lambda name: name)
        monkeypatch.setattr(cli, "_commands", lambda module: [click.command("trial")(function)])

    return add


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_is_where_it_is_said_to_be(name):
    commands = importlib.import_module(cli.COMMANDS[name].module).COMMANDS
    assert name in [command.name for command in commands]
    result = CliRunner().invoke(cli.helpline, [name, "--help"])
    assert result.exit_code == 0, result.output


def test_every_fault_is_a_line_and_the_exit_code_is_2(run, a_command):
    def trial():
        raise Faults(["a.toml: x: missing", "a.toml: y: not a number"])

    a_command(trial)
    assert run("trial") == (2, "", "a.toml: x: missing\na.toml: y: not a number\n")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("sqlalchemy.exc:OperationalError", "The database (DATABASE_URL) does not answer."),
        ("redis.exceptions:ConnectionError", "The queue (REDIS_URL) does not answer."),
    ],
)
def test_a_server_that_is_down_is_one_sentence_without_its_address(run, a_command, error, sentence):
    module, _, name = error.partition(":")
    kind = getattr(importlib.import_module(module), name)

    def trial():
        raise kind("secret-host", None, Exception()) if "sqlalchemy" in module else kind("secret-host")

    a_command(trial)
    assert run("trial") == (1, "", sentence + "\n")


def test_a_defect_of_ours_is_not_hidden(run, a_command):
    def trial():
        raise ZeroDivisionError

    a_command(trial)
    with pytest.raises(ZeroDivisionError):
        run("trial")


def test_an_unknown_command_is_bad_input(run):
    code, _, said = run("nothing")
    assert code == 2
    assert "nothing" in said


def test_help_lists_all_commands_without_loading_them(run):
    code, said, _ = run("--help")
    assert code == 0
    assert all(f"  {name} " in said for name in cli.COMMANDS)


def test_a_second_terminal_finds_the_demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    demo = tmp_path / "var" / "demo"
    demo.mkdir(parents=True)
    (demo / "demo.env").write_text("# made by the demo\nHELPLINE_SECRET_KEY=a=b\nPORT=1\n")
    assert environment.environment({"PORT": "2"}) == {"HELPLINE_SECRET_KEY": "a=b", "PORT": "2"}


def test_the_demo_in_another_folder_is_found_there(tmp_path):
    (tmp_path / "demo.env").write_text("TWILIO_AUTH_TOKEN=theirs\n")
    assert environment.environment({"HELPLINE_DATA_DIR": str(tmp_path)})["TWILIO_AUTH_TOKEN"] == "theirs"


def test_an_installation_of_ones_own_is_never_mixed_with_the_demo(tmp_path):
    (tmp_path / "demo.env").write_text("TWILIO_AUTH_TOKEN=theirs\n")
    own = {"HELPLINE_DATA_DIR": str(tmp_path), "HELPLINE_PUBLIC_URL": "https://line.example.org"}
    assert environment.environment(own) == own


@pytest.mark.parametrize("command", [commands.up, commands.serve])
def test_nobody_outside_this_machine_is_answered_unless_asked_for(command):
    [host] = [option for option in command.params if option.name == "host"]
    assert host.default == "127.0.0.1"


def test_the_web_server_before_us_is_told_our_own_limit():
    running = (Path(__file__).parents[2] / "docs" / "running.md").read_text("utf-8")
    assert f"client_max_body_size {web.LARGEST_REQUEST // 1024}k;" in running
    assert "proxy_request_buffering on;" in running
    for closed in ("/metrics", "/health/ready"):
        assert f"location ^~ {closed} {{ return 404; }}" in running
