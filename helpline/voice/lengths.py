"""How long a text takes to say, estimated from its letters, so that a text too long for one breath is found before
anybody records it; pure."""

from helpline.voice.catalogue import stem

LONGEST = 20.0  # seconds of one clip, in any language
_START = 0.25
# Measured with espeak-ng at 130 words a minute over the prompts of each language; a test measures again.
SECONDS_A_CHARACTER = {
    "it": 0.0758, "en": 0.0740, "fr": 0.0640, "es": 0.0870, "ru": 0.0745, "uk": 0.0685, "ar": 0.1240,
    "bn": 0.1090, "hi": 0.0970,
}  # fmt: skip


def seconds(language: str, text: str) -> float:
    """About how many seconds it takes to say the text, without the value of its placeholder."""
    return _START + SECONDS_A_CHARACTER[language] * len(stem(text))
