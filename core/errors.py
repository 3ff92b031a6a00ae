"""Two kinds of error: those that a person can mend, and bugs.

UserError        answered to the person who caused it, in words that say what is so and what to do
└ SettingsError  the same for whoever starts the service

Everything else is a bug or an outage: the worker rolls back, tells the log, and tries again.
"""


class UserError(Exception):
    """Something a person did cannot be done; the message says why and what to do instead."""


class SettingsError(UserError):
    """The service cannot start as it is set up; one sentence for each problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the sentences, in the order of the settings."""
        super().__init__("\n".join(problems))
        self.problems = problems
