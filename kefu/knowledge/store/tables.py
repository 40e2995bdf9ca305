"""The tables of the knowledge store."""

import sqlalchemy as sa

from kefu.database import Moment

PART = "knowledge"
VERSION = 1
SEQUENCE = "sequence"  # number of the latest change
COMPACTED = "compacted"  # changes up to this number are no longer listed
COMPACTED_MARK = "compacted_mark"  # the mark of the change with that number

metadata = sa.MetaData()

# One row an entry, deleted ones too (until they are compacted): what is at present, and where it came from.
# `content` is the entry as JSON, its texts with their placeholders; `words` are its texts for searching.
entries = sa.Table(
    "knowledge_entries",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False, index=True),
    sa.Column("valid_from", Moment),
    sa.Column("valid_to", Moment),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("author", sa.Text, nullable=False),
    # Hash of what the project's file said when it was last read; None where no file has the entry.
    sa.Column("in_file", sa.String(16)),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

# What entries are found by: `kind` is tag, channel or language.
labels = sa.Table(
    "knowledge_labels",
    metadata,
    sa.Column("entry_id", sa.ForeignKey("knowledge_entries.id"), primary_key=True),
    sa.Column("kind", sa.String(10), primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
)
sa.Index("knowledge_labels_by_value", labels.c.kind, labels.c.value)

# Every revision of every entry; `content` is None for a deletion, and for a compacted entry's revisions.
history = sa.Table(
    "knowledge_history",
    metadata,
    sa.Column("entry_id", sa.String(120), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# The change log, written in the transaction of the change: numbers without gaps, seen in their order.
changes = sa.Table(
    "knowledge_changes",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("entry_id", sa.String(120), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

numbers = sa.Table(
    "knowledge_numbers",
    metadata,
    sa.Column("name", sa.String(20), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

# Vectors of texts with their facts filled in: little-endian float32. `model` is a fingerprint.
vectors = sa.Table(
    "knowledge_vectors",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("dim", sa.Integer, primary_key=True),
    sa.Column("text_hash", sa.String(16), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
