"""The errors that OAI-PMH has a code for."""


class OaiProblem(Exception):
    """What is wrong with a request, under the protocol's code."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def bad_argument(reason: str) -> OaiProblem:
    """Return the error for arguments that are missing, repeated, unknown or malformed."""
    return OaiProblem("badArgument", reason)
