"""Which prompts tell keys, because menus say them: told once to each process by whoever has read the menu, which this
room cannot. Knows no text."""

from collections.abc import Iterable

_said: frozenset[str] = frozenset()


def use(prompts: Iterable[str]) -> None:
    """From here on these are the prompts that tell keys."""
    global _said
    _said = frozenset(prompts)


def said() -> frozenset[str]:
    """The prompts that tell keys; none where nobody said which they are."""
    return _said
