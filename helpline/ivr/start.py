"""The menu as a process may use it: loaded and judged, or not at all."""

import re
from collections.abc import Mapping

from helpline.faults import raise_if_any
from helpline.ivr import check
from helpline.ivr.flow import Flow, read
from helpline.voice import catalogue, menus
from helpline.voice.catalogue import Catalogue

_STOPS = re.compile(r"\W")


def tell_menus() -> None:
    """Let this process know what only the menu knows of the prompts: which tell keys, and when a menu is too long."""
    flow = read().flow

    def judge(language: str, texts: Mapping[str, str]) -> list[str]:
        return [
            f"the menu {step} would take {seconds:.0f} seconds to say, more than {check.LONGEST_MENU:.0f}"
            for step, seconds in check.long_menus(flow, language, texts, catalogue.seconds)
        ]

    menus.use(prompts_that_tell_keys(), judge)


def prompts_that_tell_keys() -> frozenset[str]:
    """The prompts that tell keys ("press one", in English), wherever they are said: by a menu, while one waits, before a
    recording, in calls that we place. They must fit this release's keys (`voice.menus`). Raises `Faults`."""
    english = catalogue.read(catalogue.PROMPTS, [catalogue.MASTER])[0][catalogue.MASTER]
    digits = "|".join(_STOPS.sub("", english.get(f"digit_{digit}", "")) or "-" for digit in range(10))
    told = re.compile(rf"\bpress ({digits})\b", re.IGNORECASE)
    return frozenset(name for name, text in english.items() if told.search(text))


def ready_flow(texts: Catalogue) -> Flow:
    """The menu of this installation. Raises `Faults` with everything wrong about its shape or its missing texts."""
    reading = read()
    missing = [
        f"prompts/{code}/texts.toml: {prompt}: missing, and the menu says it"
        for code in texts.languages
        for prompt in sorted(check.prompts_of(reading.flow) - set(texts.texts[code]))
    ]
    raise_if_any(check.judge(reading) + missing)
    return reading.flow
