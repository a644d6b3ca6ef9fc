"""Draws the menu for people: a tree for the terminal, a page with a diagram for the docs; pure, judges nothing."""

from collections.abc import Iterator

from helpline.ivr.flow import Flow, Step

_SHAPES = {
    "language": ("([", "])"), "menu": ("[", "]"), "say": (">", "]"), "ask": ("[/", "/]"), "record": ("((", "))"),
    "do": ("{{", "}}"), "end": ("([", "])"), "hold": ("[[", "]]"),
}  # fmt: skip


def tree(flow: Flow, texts: dict[str, str]) -> Iterator[str]:
    """The menu as indented lines, each step once, in the order in which a caller may meet it.

    `texts`: prompt name -> text in the language to show.
    """
    seen: set[str] = set()
    for root in dict.fromkeys(flow.roots):
        yield from _branch(flow, texts, root, "", 0, seen)


def _branch(
    flow: Flow, texts: dict[str, str], name: str, label: str, depth: int, seen: set[str]
) -> Iterator[str]:
    step = flow.steps[name]
    arrow = f"{label} → " if label else ""
    again = name in seen
    yield f"{'  ' * depth}{arrow}{name} ({step.kind}{': ' + step.action if step.action else ''}){' …' if again else ''}"
    if again:
        return
    seen.add(name)
    for prompt in (*step.before, *step.first, *step.says):
        yield f"{'  ' * (depth + 2)}“{texts.get(prompt, prompt)}”"
    for where, target in arrows(flow, step):
        yield from _branch(flow, texts, target, where, depth + 1, seen)


def arrows(flow: Flow, step: Step) -> list[tuple[str, str]]:
    """The arrows out of a step with the words a reader needs: key, outcome, silence; back and the common ends apart."""
    words = {
        "then": "then",
        "picked": "a number of the list",
        "other": "another",
        "silence": "silence",
        "skip": "skip",
    }
    found = []
    for where, target in flow.targets(step):
        head, _, tail = where.partition(".")
        if head in {"keys", "then"} and tail:
            found.append((tail, target))
        elif head in words:
            found.append((words[head], target))
    return found


def page(flow: Flow) -> str:
    """`docs/call-flow.md`: the whole menu as a Mermaid diagram and a table, made from flow.toml alone."""
    lines = [
        "# The call, step by step",
        "",
        "Made from `helpline/ivr/flow.toml` by `helpline flow doc`; change the flow, not this page.",
        "In every menu 0 is a person, 9 hears again and 8 goes back; three silences or wrong keys lead to",
        f"`{flow.difficult}` unless an arrow says otherwise.",
        "",
        "```mermaid",
        "flowchart TD",
    ]
    for step in flow.steps.values():
        opening, closing = _SHAPES[step.kind]
        lines.append(f'  {step.name}{opening}"{step.name}"{closing}')
    for step in flow.steps.values():
        joined: dict[str, list[str]] = {}
        for word, target in arrows(flow, step):
            joined.setdefault(target, []).append(word)
        lines += [f'  {step.name} -->|"{", ".join(words)}"| {target}' for target, words in joined.items()]
    lines += ["```", "", "| step | kind | says | keeps | back |", "|---|---|---|---|---|"]
    for step in flow.steps.values():
        says = ", ".join((*step.before, *step.first, *step.says)) or (step.action or "")
        name = f"`{step.name}`" + "".join(f" (formerly `{former}`)" for former in step.formerly)
        lines.append(f"| {name} | {step.kind} | {says} | {step.keeps or ''} | {step.parent or ''} |")
    return "\n".join(lines) + "\n"
