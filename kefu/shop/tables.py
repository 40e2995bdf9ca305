"""The tables of orders and of identity."""

import sqlalchemy as sa

from kefu.database import Moment

PART = "shop"
VERSION = 1

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

# Who has shown in which conversation that an order is his.
identity_proofs = sa.Table(
    "identity_proofs",
    metadata,
    sa.Column("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("proven_at", Moment, nullable=False),
)

# Failed attempts, once for what was guessed at (scope "order") and once for where from (scope "conversation").
identity_attempts = sa.Table(
    "identity_attempts",
    metadata,
    sa.Column("scope", sa.String(20), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("since", Moment, nullable=False, index=True),
)
