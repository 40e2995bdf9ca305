"""Part C: the vectors alone at fewer dimensions, and without the instruction before what a customer says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from understanding.encoders import Encoder, Shortened
from understanding.intents import ACCURACY, measure_intents
from understanding.retrieval import CONDITIONS, RECALL_1, TRANSLATIONS, measure_knowledge, measure_translations
from understanding.sides import Side
from understanding.slices import ALL
from understanding.tables import Comparison, Row, Table
from understanding.utterances import IntentSet

FULL = "full"
DIMENSIONS, INSTRUCTIONS = "dimensions", "instructions"
WITH, WITHOUT = "with instruction", "without"
_SIZES = (256, 128, 64)


def measure_dimensions(
    kefu: Encoder, intents: IntentSet, datasets: Path | None, split: str, most: int | None = None
) -> Table:
    """Measure the whole vectors beside their first components, scaled to length 1 again."""
    full = kefu.embed(["?"]).shape[1]
    sizes = [size for size in _SIZES if size < full]
    sides = [Side(f"{FULL} ({full})", kefu), *(Side(str(size), Shortened(kefu, size)) for size in sizes)]
    comparisons = [(str(size), sides[0].name) for size in sizes]
    note = f"vectors alone, shortened to their first components; {FULL} is {full}"
    return Table(DIMENSIONS, note, _lines(sides, comparisons, intents, datasets, split, most))


def measure_instructions(kefu: Encoder, intents: IntentSet, split: str, most: int | None = None) -> Table:
    """Measure the vectors of messages with the task's instruction and of the bare text."""
    sides = [Side(WITH, kefu), Side(WITHOUT, kefu, instructed=False)]
    note = "vectors alone, of customers' messages with the instruction of the task (intent, faq) and without any"
    return Table(INSTRUCTIONS, note, _lines(sides, [(WITH, WITHOUT)], intents, None, split, most))


def _lines(
    sides: Sequence[Side],
    comparisons: Sequence[Comparison],
    intents: IntentSet,
    datasets: Path | None,
    split: str,
    most: int | None,
) -> list[Row]:
    tables: dict[str, Table] = {"intents": measure_intents(intents, sides, comparisons)}
    for condition in CONDITIONS:
        tables[condition.title] = measure_knowledge(condition, sides, split, most, comparisons)
    if datasets:
        tables[TRANSLATIONS] = measure_translations(datasets, sides, {}, most, comparisons)
    return _totals(tables)


def _totals(tables: Mapping[str, Table]) -> list[Row]:
    """Take the line of all rows out of each table."""
    return [
        replace(row, name=title if row.name == ALL else f"{title}, {row.name}")
        for title, table in tables.items()
        for row in table.rows
        if ALL in row.tags and row.measure in (ACCURACY, RECALL_1)
    ]
