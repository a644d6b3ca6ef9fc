"""The sections of the prompts are the headings of the English master."""

from helpline.voice import catalogue
from helpline.voice.sections import section_of, sections


def test_every_prompt_is_in_one_section_in_the_masters_order():
    names = [name for names in sections().values() for name in names]
    assert tuple(names) == catalogue.load().names
    assert section_of("welcome") == "opening" and section_of("no_such_prompt") == ""


def test_headings_are_read_from_the_file(tmp_path):
    (tmp_path / "en").mkdir()
    text = '# What this is\nabove = "x"\n# --- one: first\na = "x"\nb_2="y"\n# --- empty\n# --- one: first\nc = "#"\n'
    (tmp_path / "en" / "texts.toml").write_text(text)
    assert sections(tmp_path) == {"one: first": ("a", "b_2", "c")}
