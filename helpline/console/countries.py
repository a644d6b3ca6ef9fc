"""Countries as one says them in a sentence: `nelle Filippine`, `to the Philippines`. Knows no page."""

from flask_babel import get_locale

_TO: dict[str, dict[str, str]] = {
    "it": {
        "": "in",
        "AE": "negli", "BB": "a", "BH": "in", "BS": "alle", "CD": "nella", "CF": "nella", "CU": "a", "CV": "a", "DJ": "a",
        "DM": "a", "DO": "nella", "FJ": "alle", "GB": "nel", "GD": "a", "HK": "a", "HT": "ad", "KM": "alle", "KI": "a",
        "MH": "alle", "MO": "a", "MT": "a", "MU": "a", "MV": "alle", "NL": "nei", "NR": "a", "OM": "in", "PH": "nelle",
        "PS": "nei", "PW": "a", "SB": "alle", "SC": "alle", "SG": "a", "SM": "a", "ST": "a", "TL": "a", "TO": "a",
        "TT": "a", "TV": "a", "US": "negli", "VA": "nella", "VU": "a", "WS": "a", "YE": "nello",
    },
    "en": {
        "": "to",
        **dict.fromkeys(
            ("AE", "BS", "CD", "CF", "DO", "GB", "KM", "MH", "MV", "NL", "PH", "PS", "SB", "SC", "US"), "to the"
        ),
    },
}  # fmt: skip


def to_country(code: str) -> str:
    """Where somebody goes, with the word that goes before it in the reader's language; the code where there is no name."""
    locale = get_locale()
    words = _TO.get(locale.language, _TO["en"]) if locale else _TO["en"]
    name = locale.territories.get(code, code) if locale else code
    return f"{words.get(code, words[''])} {name}"
