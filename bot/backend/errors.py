"""What can go wrong between Jamin and the enrolment backend.

::

    BackendError
    ├── BackendUnavailable      try again later, with the same key
    ├── BackendRejected         give up, staff see it
    └── BackendUnauthorised     give up until the secret is put right
    WebhookError
    ├── BadSignature            not from the backend, or not from just now
    └── BadEvent                signed, but not written as the contract says

An exception's docstring is its message. Details are codes and type names: never a body, which may be personal.
"""

from __future__ import annotations

# ruff: noqa: N818 - the names say what happened, as the outbox reads them


class _ToldError(Exception):
    """An error whose first docstring line is what it says."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        said = (type(self).__doc__ or "").partition("\n")[0].rstrip(".")
        super().__init__(f"{said}: {detail}" if detail else said)


class BackendError(_ToldError):
    """The enrolment backend did not do what was asked."""


class BackendUnavailable(BackendError):
    """The backend could not answer now; ask again with the same key.

    `retry_after` is the wait in seconds the backend asked for. `known` is False where the wire leaves open whether the
    work was done (timeout, connection lost after sending); refused connections, 429 and 5xx count as known (law 5).
    """

    def __init__(self, detail: str = "", *, retry_after: float | None = None, known: bool = True) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.known = known


class BackendRejected(BackendError):
    """The backend will never accept this request: a bug or a contract mismatch.

    `status` is the HTTP status, `problem` the code the backend gave ("invalid_body", "months_paid" …) or "".
    """

    def __init__(self, status: int, problem: str = "") -> None:
        super().__init__(f"{status} {problem}".rstrip())
        self.status = status
        self.problem = problem


class BackendUnauthorised(BackendError):
    """The backend does not accept our secret."""


class WebhookError(_ToldError):
    """A webhook cannot be taken."""


class BadSignature(WebhookError):
    """The webhook is not signed with our secret within the time allowed."""


class BadEvent(WebhookError):
    """The webhook's body is not an event of the contract."""
