"""Elements of SVG: whatever is given is escaped, so that no word becomes markup, and a number has at most one decimal. Pure."""

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape


class Drawn(str):
    """Markup that `element` made, and nobody else: it stands in a page as it is, every other text is escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself, for templates."""
        return self


def element(tag: str, *inside: str, **attributes: str | float) -> Drawn:
    """One element, with what stands in it (words, or other elements).

    The words of its attributes are written as Python can: `class_` for `class`, `stroke_width` for `stroke-width`.
    """
    given = "".join(
        [
            f' {_attribute(name)}="{escape(value) if isinstance(value, str) else at(value)}"'
            for name, value in attributes.items()
        ]
    )
    if not inside:
        return Drawn(f"<{tag}{given}/>")
    held = "".join([one if isinstance(one, Drawn) else escape(one) for one in inside])
    return Drawn(f"<{tag}{given}>{held}</{tag}>")


def chart(
    title: str, about: str, width: float, height: float, drawn: Iterable[Drawn], *, kind: str = "chart"
) -> Drawn:
    """A whole picture. `title` and `about` are what a screen reader says, `kind` the classes of a style sheet."""
    return element(
        "svg", element("title", title), element("desc", about), *drawn,
        class_=kind, viewBox=f"0 0 {at(width)} {at(height)}", role="img",
    )  # fmt: skip


@lru_cache(maxsize=4096)
def at(value: float) -> str:
    """A number as it stands in a picture: whole, or with one decimal. Kept, since many parts stand at the same height."""
    return f"{value:.1f}".removesuffix(".0")


@cache
def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
