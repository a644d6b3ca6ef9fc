"""The chapters that come with the program: both languages say the same parts, every link leads somewhere, and a bad file is
told whole."""

import re
from datetime import timedelta

import pytest

from helpline.console import knowledge
from helpline.faults import Faults
from helpline.handbook import chapters
from helpline.people.roles import ROLES

LINK = re.compile(r"\]\((/[^)]*|#[^)]*)\)")


def test_both_languages_have_the_same_chapters_parts_and_articles():
    assert chapters.read() == {locale: chapters.chapters(locale) for locale in chapters.LOCALES}
    it, en = chapters.chapters("it"), chapters.chapters("en")
    assert [one.name for one in it] == [one.name for one in en] and len(it) >= 14
    assert {role for one in it for role in one.audience} <= set(ROLES)
    for role in ROLES:
        own, _others = chapters.mine_first(it, (role,))
        assert own, role
    known = {article.name for article in knowledge.packaged()}
    assert {name for one in it for name in one.rendered.articles} <= known


def test_steps_and_boxes_are_as_many_in_both_languages():
    for it, en in zip(chapters.chapters("it"), chapters.chapters("en"), strict=True):
        for sign in (r"(?m)^\d+\. ", r"(?m)^> \[!", r"(?m)^\|", r"(?m)^- "):
            assert len(re.findall(sign, it.body)) == len(re.findall(sign, en.body)), (it.name, sign)


def test_every_link_within_the_handbook_leads_to_a_part_that_is_there():
    for locale in chapters.LOCALES:
        parts = {
            one.name: {head.anchor for head in one.rendered.headings} for one in chapters.chapters(locale)
        }
        for one in chapters.chapters(locale):
            for address in LINK.findall(one.body):
                page, _, anchor = address.partition("#")
                name = page.removeprefix("/handbook/") if page.startswith("/handbook/") else one.name
                if page.startswith("/handbook/") and name.partition("/")[0] not in chapters.TAKEN:
                    assert name in parts, (one.name, address)
                assert not anchor or anchor in parts[name], (one.name, address)


def test_a_chapter_that_nobody_checked_for_half_a_year_says_so():
    one = chapters.chapters("it")[0]
    assert not one.is_stale(one.checked_on + timedelta(days=180))
    assert one.is_stale(one.checked_on + timedelta(days=181))


def test_every_fault_of_bad_files_is_told(tmp_path):
    head = 'title = "A"\nabout = "b"\norder = 1\naudience = []\nversion = 1\nchanged_on = 2026-01-02\nwhat_changed = "x"\n'
    for locale in ("it", "en"):
        (tmp_path / locale).mkdir()
    (tmp_path / "it/print.md").write_text("")
    (tmp_path / "it/a.md").write_text(
        f"+++\n{head}checked_on = 2026-01-01\n+++\n## Uno {{#one}}\n\n[[article:who]]"
    )
    (tmp_path / "en/a.md").write_text(f"+++\n{head}checked_on = 2026-01-01\n+++\n## One {{#two}}")
    (tmp_path / "it/b.md").write_text(f"+++\n{head}colour = 1\n+++\n")
    with pytest.raises(Faults) as told:
        chapters.read(tmp_path)
    said = "\n".join(told.value.faults)
    for wanted in (
        "it/print.md: name: must be", "it/b.md: colour: unknown", "it/b.md: checked_on: missing", "en/a.md: headings",
        "en/a.md: articles", "it/a.md: checked_on: must not be before changed_on",
    ):  # fmt: skip
        assert wanted in said
