"""Print random parallel sentences that training draws from, for a reader who did not write them.

    python training/review.py 100 --seed 1
    python training/review.py --judged

The reader says of each side whether a customer could have typed it, and of each pair whether both mean the same. Kinds
(templates, hand-written) come in the shares that a training step has of them; what is held out is left out as there.
Tab-separated: number, Chinese, English, and the topic of a template or the line of the file.

The last hundred that was read is kept with what the reader said, `data/reviewed.tsv`; `--judged` counts it.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from batches import SHARES
from grammar import Grammar
from leaks import HeldOut, evaluation_texts
from options import whole
from sentences import EACH, ROOT, service_rows, tsv_rows

REVIEWED = ROOT / "training" / "data" / "reviewed.tsv"
JUDGED = {
    "zh_typed": "Chinese ones that a customer could have typed",
    "en_typed": "English ones that a customer could have typed",
    "same": "pairs that mean the same",
}
"""What the reader says yes or no to, by the column."""


def drawn(count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield so many different triples: Chinese, English, where from.

    :raises ValueError: if there are not so many.
    """
    rng = random.Random(seed)
    pairs = Grammar().pairs(EACH, seed)
    pools = {
        "grammar": [(pair.chinese, pair.english, pair.topic) for pair in pairs],
        "service": [(row["zh"], row["en"], f"line {line}") for line, row in enumerate(service_rows(), start=2)],
    }
    if count > (most := sum(map(len, pools.values()))):
        raise ValueError(f"There are {most} sentences.")
    shares = {name: SHARES[f"{name}-zh"] + SHARES[f"{name}-en"] for name in pools}
    held_out = HeldOut(evaluation_texts(ROOT / "data" / "eval"))
    for pool in pools.values():
        rng.shuffle(pool)
    while count and any(pools.values()):
        (name,) = rng.choices(list(shares), list(shares.values()))
        if pools[name] and not any(map(held_out.near, (row := pools[name].pop())[:2])):
            yield row
            count -= 1


def judged() -> dict[str, int]:
    """Count what the reader said yes to, by column, and `pairs` as a whole."""
    rows = list(tsv_rows(REVIEWED))
    return {"pairs": len(rows), **{column: sum(row[column] == "yes" for row in rows) for column in JUDGED}}


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("count", type=whole(1, 10_000), nargs="?", default=100, metavar="N")
    chosen = made.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--seed", type=int, help="draw with it")
    chosen.add_argument("--judged", action="store_true", help="count what the reader of the last hundred said")
    return made


def main() -> None:
    """Read the options and print."""
    options = parser().parse_args()
    if options.judged:
        found = judged()
        print(*(f"{found[column]} of {found['pairs']} {what}" for column, what in JUDGED.items()), sep="\n")
        return
    for number, row in enumerate(drawn(options.count, options.seed), start=1):
        print(number, *row, sep="\t")


if __name__ == "__main__":
    main()
