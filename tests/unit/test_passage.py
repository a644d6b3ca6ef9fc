"""Where PostgreSQL's own account can go, and what is done where it cannot."""

import os
import pwd

import pytest

from helpline.db import passage


@pytest.fixture
def account():
    """Somebody who is neither the owner nor in the group of what we make."""
    return pwd.struct_passwd(("stranger", "x", os.getuid() + 4242, os.getgid() + 4242, "", "/", "/bin/false"))


@pytest.fixture
def open_folder(tmp_path, monkeypatch):
    """A folder that everybody may enter, as far as `passage` asks; with the account's home beside it."""
    outside = {*tmp_path.parents, tmp_path}
    may = passage._may
    monkeypatch.setattr(passage, "_may", lambda path, *more: path in outside or may(path, *more))
    monkeypatch.setattr(passage, "HOME", tmp_path / "home")
    here = tmp_path / "here"
    here.mkdir()
    here.chmod(0o755)
    return here


def test_a_database_lies_in_its_place_where_the_account_gets_there(open_folder, account):
    assert passage.place(open_folder / "postgres", account) == open_folder / "postgres"
    assert not passage.HOME.exists()


def test_a_database_lies_in_the_accounts_home_where_it_does_not_and_is_found_again(open_folder, account):
    open_folder.chmod(0o700)
    place = passage.place(open_folder / "postgres", account)
    assert place.parents[1] == passage.HOME
    assert passage.blocked_by(place.parent, account) is None
    assert passage.place(open_folder / "postgres", account) == place
    assert open_folder.stat().st_mode & 0o777 == 0o700


def test_a_new_data_folder_never_finds_the_database_of_an_earlier_one(open_folder, account):
    open_folder.chmod(0o700)
    first = passage.place(open_folder / "postgres", account)
    (open_folder / "postgres").unlink()
    assert passage.place(open_folder / "postgres", account) != first


def test_a_database_that_became_unreachable_is_said_and_left_alone(open_folder, account):
    (open_folder / "postgres").mkdir()
    open_folder.chmod(0o700)
    with pytest.raises(
        passage.Blocked, match=f"cannot pass {open_folder}. Move {open_folder} .* DATABASE_URL"
    ):
        passage.place(open_folder / "postgres", account)
    assert not passage.HOME.exists()


def test_a_database_that_is_gone_is_said_and_not_begun_anew(open_folder, account):
    (open_folder / "postgres").symlink_to(open_folder / "gone" / "postgres")
    with pytest.raises(passage.Blocked, match="which is gone"):
        passage.place(open_folder / "postgres", account)


def test_a_home_that_cannot_be_made_is_said(open_folder, account, monkeypatch):
    (open_folder / "file").touch()
    monkeypatch.setattr(passage, "HOME", open_folder / "file" / "home")
    open_folder.chmod(0o700)
    with pytest.raises(passage.Blocked, match="Do not run as root, or give DATABASE_URL"):
        passage.place(open_folder / "postgres", account)
