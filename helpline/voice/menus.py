"""Which prompts tell keys, because menus say them, and how long a menu may be: told once to each process by whoever has
read the menu, which this room cannot. Knows no text."""

from collections.abc import Callable, Iterable, Mapping

Judge = Callable[[str, Mapping[str, str]], list[str]]


def _nothing(language: str, texts: Mapping[str, str]) -> list[str]:
    return []


_said: frozenset[str] = frozenset()
_judge: Judge = _nothing


def use(prompts: Iterable[str], judge: Judge = _nothing) -> None:
    """From here on these are the prompts that tell keys; `judge` says which menus are too long (see `too_long`)."""
    global _said, _judge
    _said, _judge = frozenset(prompts), judge


def said() -> frozenset[str]:
    """The prompts that tell keys; none where nobody said which they are."""
    return _said


def too_long(language: str, texts: Mapping[str, str]) -> list[str]:
    """The menus that take too long to be kept in mind, if these are the language's texts, one sentence each."""
    return _judge(language, texts)
