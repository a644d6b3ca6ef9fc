"""The cells of the matrix as HTML. There are thousands on one page, and few that differ in more than their address: what is
the same is escaped and put together once. Knows no page."""

from collections.abc import Callable, Mapping
from functools import cache

from markupsafe import Markup, escape

from helpline.console.formats import number
from helpline.voice.cells import BEHIND, DRAFTED, GAVE_WAY, Row
from helpline.voice.states import State

_States = Mapping[State, tuple[str, str, str]]


def cells_of(
    names: Mapping[str, str], states: _States, marks: Mapping[str, str], narrow: str, heard_now: str
) -> Callable[[Row], Markup]:
    """Makes the cells of a row. `names`: the languages, `states`: word, tone and sign of each, `marks`: the words for
    what else is so of a cell, all in the reader's language, as are the words `heard_now`; `narrow`: the
    language that is shown where there is room for one."""
    point = number(1.5)[1]

    @cache
    def around(
        language: str, state: State, drafted: bool, behind: bool, now: State, gave_way: bool
    ) -> tuple[str, str, str, str]:
        word, _tone, sign = states[state]
        said = f"{names[language]}: {word}"
        for mark, is_so in ((DRAFTED, drafted), (BEHIND, behind), (GAVE_WAY, gave_way)):
            said += f", {marks[mark]}" if is_so else ""
        said += f"; {heard_now}: {states[now][0]}" if drafted else ""
        told = escape(said)
        here = ' class="here"' if language == narrow else ""
        looks = f"cell s-{state.value}{' drafted' if drafted else ''}"
        return (
            f'<td{here}><a class="{looks}" href="/prompts/{language}/',
            f'" title="{told}" aria-label="',
            f", {told}",
            f'"><span class="sign" aria-hidden="true">{escape(sign)}</span>',
        )

    def made(row: Row) -> Markup:
        parts = []
        for cell in row.cells:
            first, second, third, fourth = around(
                cell.language, cell.state, bool(cell.draft), cell.behind, cell.now, bool(cell.gave_way)
            )
            long = "" if cell.seconds is None else f"{cell.seconds:.1f}".replace(".", point)
            said = f", {long}" if long else ""
            parts.append(f"{first}{row.prompt}{second}{row.number}{third}{said}{fourth}{long}</a></td>")
        # Names of prompts are small letters, digits and _ (`voice.catalogue`); all words were escaped above.
        return Markup("".join(parts))  # noqa: S704 - every word in it was escaped above

    return made
