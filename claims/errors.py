"""Why something about a claim or a record was not done; the messages are for the person who asked."""


class ClaimRefused(Exception):
    """The request makes no sense as things stand, or is not this person's to make."""


class StaleForm(ClaimRefused):
    """The record has changed since the form was shown."""
