"""Who is the customer? Proof is the order's number together with a contact that was given when it was ordered, or the
e-mail address together with the phone of one and the same customer.

An unknown number, another customer's number and a wrong contact are one and the same outcome, reached by the same
statements, so that nobody learns which orders or addresses exist. Failures are counted for what was guessed at, for
the conversation and for the source that it comes from, in the transaction that checks: guessing from many
conversations at once, or at many orders from one, ends alike.

What has been guessed at too often is not lost to its owner, or else anybody could shut a customer out by failing five
times. Only the last four digits of a phone stop counting then: there are 10,000 of them, and many conversations could
try them all. Whoever knows the whole number or the address still passes, from a conversation that has failed less than
that itself. The same holds for a source, an address on the net that a family, an office or the customers of a mobile
carrier may share.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from kefu.database import Database
from kefu.protocols import Clock
from kefu.settings import OrderSettings
from kefu.shop import proofs, tables
from kefu.shop.order_rows import order_number

PHONE_TAIL = 4
# Of many a number all but four digits are known: by the area that it is from, or from a waybill that masks the rest.
# After so many times the failures that are allowed, whole numbers stop counting, too: a hundred of 10,000.
_WHOLE_PHONES = 20
_OF_ONE_SOURCE = 4  # times the failures that are allowed: several customers may share it


class Outcome(Enum):
    """What came of a check."""

    PROVEN = "proven"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"  # too many failures: this kind of contact counts no more, a person has to help


ContactKind = Literal["phone_tail", "phone", "email"]


@dataclass(frozen=True)
class Contact:
    """What a customer named as his: the last four digits of the phone, all of them, or the e-mail."""

    kind: ContactKind
    value: str


@dataclass(frozen=True)
class _Owner:
    customer_id: str
    phone: str
    email: str

    def has(self, contact: Contact) -> bool:
        known = {
            "phone_tail": self.phone[-PHONE_TAIL:],
            "phone": self.phone,
            "email": self.email.lower(),
        }[contact.kind]
        return hmac.compare_digest(known.encode(), contact.value.lower().encode())


# Compared with when there is no such order or address, so that this costs what a real comparison costs.
_NOBODY = _Owner(customer_id="", phone="\0" * 11, email="\0" * 24)


class IdentityDesk:
    """Checks who a customer is, remembers it for a while and counts what failed."""

    def __init__(self, database: Database, clock: Clock, settings: OrderSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    def check(self, reference: str, contact: Contact, conversation: str, source: str | None = None) -> Outcome:
        """Compare a contact with that of an order, given by its number or a tracking number.

        :param source: a name for where the conversation comes from, beyond itself; None where that is not known.

        The failure that uses up the last attempt is EXHAUSTED already. From then on nothing that comes from this
        conversation counts as proof. Where the order was guessed at too often from other conversations, a phone's last
        four digits are EXHAUSTED whether they are right or not, while the e-mail address and, for many more failures,
        the whole number still count; wrong ones are counted for the conversation like any other. A source that many
        failures came from is treated alike.
        """
        with self._database.writing() as connection:
            number = order_number(connection, reference) or reference
            owners = _owners(connection, tables.orders.c.number == number, joined=tables.orders)
            return self._settle(connection, (conversation, source), ("order", number), owners, contact)

    def check_customer(self, first: Contact, second: Contact, conversation: str, source: str | None = None) -> Outcome:
        """Compare an e-mail address and a phone, whole or its last four digits, with those of one customer.

        An unknown address and another's phone are one outcome. Failures are counted for the conversation and for the
        address, of which only a hash is kept; what was said for an order in :meth:`check` holds for the address.

        :raises ValueError: if the contacts are not one e-mail address and one phone.
        """
        email, phone = (first, second) if first.kind == "email" else (second, first)
        if email.kind != "email" or phone.kind == "email":
            raise ValueError(f"An e-mail address and a phone are needed, not {first.kind} and {second.kind}.")
        address = email.value.lower()
        with self._database.writing() as connection:
            owners = _owners(connection, sa.func.lower(tables.customers.c.email) == address)
            subject = hashlib.sha256(address.encode()).hexdigest()
            return self._settle(connection, (conversation, source), ("contact", subject), owners, phone)

    def is_proven(self, reference: str, conversation: str) -> bool:
        """Say whether the order's customer has shown in this conversation, not too long ago, who he is."""
        with self._database.reading() as connection:
            number = order_number(connection, reference) or reference
            return proofs.is_proven(connection, number, conversation, self._expired())

    def proven_customers(self, conversation: str) -> list[str]:
        """Give the ids of the customers who have shown in this conversation who they are, the last one first."""
        with self._database.reading() as connection:
            return proofs.proven_customers(connection, conversation, self._expired())

    def _settle(
        self,
        connection: Connection,
        origin: tuple[str, str | None],
        guessed: proofs.Subject,
        owners: list[_Owner],
        contact: Contact,
    ) -> Outcome:
        """Compare a contact with those of the owners, let the counters decide whether it counts, write it down."""
        fitting = [owner for owner in owners if owner.has(contact) and owner is not _NOBODY]
        now = self._clock()
        conversation, source = origin
        allowed: dict[proofs.Subject, float] = {("conversation", conversation): self._settings.max_attempts}
        if source:
            allowed["source", source] = self._allowed(contact.kind) * _OF_ONE_SOURCE
        allowed[guessed] = self._allowed(contact.kind)
        subjects = tuple(allowed)
        failures = proofs.lock_failures(connection, subjects, now)
        left = min(limit - failed for limit, failed in zip(allowed.values(), failures, strict=True))
        if left <= 0:
            return Outcome.EXHAUSTED
        if not fitting:
            proofs.count_failure(connection, subjects)
            return Outcome.EXHAUSTED if left == 1 else Outcome.REFUSED
        for owner in fitting:
            proofs.remember_proof(connection, owner.customer_id, conversation, now)
        return Outcome.PROVEN

    def _allowed(self, kind: ContactKind) -> float:
        """How many failures an order or an address may have had for such a contact to count still."""
        attempts = self._settings.max_attempts
        return {"phone_tail": attempts, "phone": attempts * _WHOLE_PHONES, "email": float("inf")}[kind]

    def _expired(self) -> datetime:
        return proofs.expiry(self._settings, self._clock())


def _owners(connection: Connection, which: ColumnElement, joined: sa.Table | None = None) -> list[_Owner]:
    customers = tables.customers.c
    query = sa.select(customers.id, customers.phone, customers.email).where(which)
    if joined is not None:
        query = query.join(joined, joined.c.customer_id == customers.id)
    return [_Owner(row.id, row.phone, row.email) for row in connection.execute(query)] or [_NOBODY]
