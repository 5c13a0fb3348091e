"""Why a run stops before its work is done: one sentence for the user, one exit code (CONTRACT §5)."""

CANNOT_RUN = 3  # no workspace, plan invalid, ledger damaged
TRY_AGAIN = 75  # ledger busy, another run going on, disk full


class Stop(Exception):
    """The run cannot go on; `str()` is the Chinese sentence that says why and what to do."""

    code = CANNOT_RUN


class TryAgain(Stop):
    """The run cannot go on now; the same command may succeed later."""

    code = TRY_AGAIN
