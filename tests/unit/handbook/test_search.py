"""Finding words in the handbook: without accents, whatever the ending, in any script, with the place marked."""

from helpline.handbook.search import Entry, found, terms


def entry(text="", heading="", title="T", address="/x"):
    return Entry(address, title, heading, text)


def marked(hit):
    return [piece.text for piece in hit.excerpt if piece.marked]


def test_accents_capitals_and_endings_do_not_matter():
    (hit,) = found([entry("La PERCHÉ non si chiede; i Minori sì")], "perche minore")
    assert marked(hit) == ["PERCHÉ", "Minori"]
    assert terms("Minori, minore!") == ["minor"]


def test_all_words_have_to_stand_in_one_place_and_at_their_beginning():
    both = [
        entry("codice e nome", address="/1"),
        entry("solo il codice", address="/2"),
        entry("transcodice nome", address="/3"),
    ]
    assert [hit.entry.address for hit in found(both, "codice nome")] == ["/1"]
    assert found(both, "  ?! ") == []


def test_a_title_is_worth_more_than_a_mention():
    best = found(
        [entry("minori", address="/mention"), entry("x", title="Minori", address="/title")], "minori"
    )
    assert [hit.entry.address for hit in best] == ["/title", "/mention"]


def test_other_scripts_are_found_without_vowel_signs():
    (hit,) = found([entry("من فضلكم، انتظروا لحظةً")], "لحظة")
    assert marked(hit) == ["لحظة"]
    assert found([entry("আপনার কোড")], "কোড")


def test_a_long_text_is_shown_around_the_place():
    (hit,) = found([entry("uno " * 200 + "numero segreto " + "due " * 200)], "segreto")
    said = "".join(piece.text for piece in hit.excerpt)
    assert len(said) < 400 and said.startswith("… ") and said.endswith(" …") and marked(hit) == ["segreto"]
