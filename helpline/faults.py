"""Faults in what people wrote (settings, flow, texts, files), gathered and told all at once; knows nothing of where they came from."""


class Faults(Exception):
    """Everything that is wrong with one input.

    `faults` holds one sentence per fault, each naming file, field and reason.
    The command line prints them all and ends with exit code 2.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


def raise_if_any(faults: list[str]) -> None:
    """Raise `Faults` when the list holds any; return otherwise."""
    if faults:
        raise Faults(faults)
