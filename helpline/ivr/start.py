"""The menu as a process may use it: loaded and judged, or not at all."""

from helpline.faults import raise_if_any
from helpline.ivr import check
from helpline.ivr.flow import Flow, read
from helpline.voice.catalogue import Catalogue


def ready_flow(catalogue: Catalogue) -> Flow:
    """The menu of this installation. Raises `Faults` with everything wrong about its shape or its missing texts."""
    reading = read()
    missing = [
        f"prompts/{code}/texts.toml: {prompt}: missing, and the menu says it"
        for code in catalogue.languages
        for prompt in sorted(check.prompts_of(reading.flow) - set(catalogue.texts[code]))
    ]
    raise_if_any(check.judge(reading) + missing)
    return reading.flow
