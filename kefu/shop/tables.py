"""The tables of orders, of what happens to them afterwards, and of identity."""

import sqlalchemy as sa

from kefu.database import Moment

PART = "shop"
VERSION = 2

metadata = sa.MetaData()

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("phone", sa.String(20), nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
)
sa.Index("customers_by_email", sa.func.lower(customers.c.email))

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("number", sa.String(20), primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("paid", Moment),
    sa.Column("cancelled", Moment),
    sa.Column("delivery_cents", sa.Integer, nullable=False),
    sa.Column("discount_cents", sa.Integer, nullable=False),
    sa.Column("freight_insurance", sa.Boolean, nullable=False),
)

order_items = sa.Table(
    "order_items",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("sku", sa.String(40), nullable=False),
    sa.Column("name_zh", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("price_cents", sa.Integer, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("parcel", sa.Integer),
    sa.Column("also", sa.Text, nullable=False),  # JSON: [word, …]
    sa.Column("return_excluded", sa.Boolean, nullable=False),
)

order_payments = sa.Table(
    "order_payments",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("method", sa.String(20), nullable=False),
    sa.Column("cents", sa.Integer, nullable=False),
)

parcels = sa.Table(
    "parcels",
    metadata,
    sa.Column("order_number", sa.ForeignKey("orders.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("carrier_zh", sa.String(40), nullable=False),
    sa.Column("carrier_en", sa.String(40), nullable=False),
    sa.Column("tracking_number", sa.String(40), nullable=False, unique=True),
    sa.Column("state", sa.String(20), nullable=False),
)

parcel_events = sa.Table(
    "parcel_events",
    metadata,
    sa.Column("order_number", sa.String(20), primary_key=True),
    sa.Column("parcel", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("text_zh", sa.String(200), nullable=False),
    sa.Column("text_en", sa.String(200), nullable=False),
    sa.ForeignKeyConstraint(["order_number", "parcel"], ["parcels.order_number", "parcels.position"]),
)

# A case's number, such as R20261121-0001, is its day and its serial.
cases = sa.Table(
    "cases",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("order_number", sa.ForeignKey("orders.number"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("rule", sa.String(80), nullable=False),
    sa.Column("postage", sa.String(10), nullable=False),
    sa.Column("delivery_cents", sa.Integer, nullable=False),
    sa.Column("send_by", sa.Date),
    sa.Column("pickup", sa.Text),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("conversation", sa.String(255), nullable=False),
    sa.Column("idempotency_key", sa.String(255), nullable=False),
    # A key counts within its conversation: nobody is shown another's case because he guessed or shares its key.
    sa.UniqueConstraint("conversation", "idempotency_key"),
)

case_lines = sa.Table(
    "case_lines",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["day", "serial"], ["cases.day", "cases.serial"]),
)

case_refunds = sa.Table(
    "case_refunds",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("method", sa.String(20), nullable=False),
    sa.Column("cents", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["day", "serial"], ["cases.day", "cases.serial"]),
)

# Who has shown in which conversation that an order is his.
identity_proofs = sa.Table(
    "identity_proofs",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("proven_at", Moment, nullable=False),
)

# Failed attempts, for what was guessed at (scope "order", or "contact" with the SHA-256 of an e-mail address) and
# for where from (scopes "conversation" and "source", the latter a hash already). Those older than a day are deleted.
identity_attempts = sa.Table(
    "identity_attempts",
    metadata,
    sa.Column("scope", sa.String(20), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("since", Moment, nullable=False, index=True),
)
