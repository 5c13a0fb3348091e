"""Whom to ring: contacts come from `data/contacts.yaml` alone and go on the phone list alone, never into the ledger."""

from typing import NamedTuple


class Contact(NamedTuple):
    """One person at a department who answers for its reports (联络员)."""

    department: str
    name: str
    phone: str
    post: str  # 职务; may be empty
