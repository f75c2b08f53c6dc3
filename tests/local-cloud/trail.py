"""What must be recorded: what happened, who did it or why the system did, and through which door.

And of an assignment, in the ledger, what became of it.
"""

# ── Of a request ──────────────────────────────────────────────────────────────────────────────────────────────────────


def entry(event):
    """An event of the audit: its kind, the person's name or the system's reason, and the door."""
    actor = event["actor"]
    return event["kind"], actor["label"] if actor["type"] == "user" else actor["reason"], event["cause"]


def by(who, *kinds, through="api"):
    """What a person did."""
    return [(kind, who, through) for kind in kinds]


BEGUN = [("activation-started", "clock", "advance"), ("activated", "identity-center", "advance")]
WARNED = ("expiry-warned", "clock", "advance")
# It was seen gone.
CLOSED = ("closed", "identity-center", "advance")
# Its time was over.
OVER = ("end-started", "clock", "advance")
ENDED = [OVER, CLOSED]
# Its time was over, and what is there stays: nobody has to look.
LET_BE = [OVER, ("closed", "clock", "advance")]
# Somebody else removed it.
MISSED = [("end-started", "identity-center", "advance"), CLOSED]


def by_policy(who):
    """Access that nobody has to approve has begun."""
    return [*by(who, "requested"), ("approved", "policy", "api"), *BEGUN]


def approved(who, reviewer, through="api"):
    return [*by(who, "requested", through=through), *by(reviewer, "reviewed", "approved", through=through)]


def by_review(who, reviewer, through="api"):
    """Access that somebody approved has begun."""
    return [*approved(who, reviewer, through), *BEGUN]


def revoked(who, through="api"):
    return [*by(who, "revocation-requested", through=through), ("end-started", "revocation", "advance"), CLOSED]


# ── Of an assignment ──────────────────────────────────────────────────────────────────────────────────────────────────

GIVEN = ["holder-joined", "creation-started", "creation-accepted", "presence-observed"]
LEFT = ["holder-left", "removal-started"]
GONE = ["absence-observed", "absence-confirmed"]
TAKEN = [*LEFT, "removal-accepted", *GONE]


def without_repeated_trouble(kinds):
    """Trouble is recorded whenever its kind changes. What got no answer may or may not be in the way of the next try, as it
    happens to be over by then: once or more is the same here."""
    trouble = "trouble-noted"
    return [kind for before, kind in zip([None, *kinds], kinds) if (before, kind) != (trouble, trouble)]
