"""The whole search over so many entries, as a question meets it: every route, fused; with the query embedded, with a
reranker; and how soon an entry that another process puts in is answered with."""

import gc
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from kefu.clock import now
from kefu.knowledge.base import KnowledgeBase
from kefu.knowledge.entries import Entry, Wording, text_hash
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.saved import Fit, Meta, save
from kefu.knowledge.recall.question_rules import load_question_rules
from kefu.knowledge.recall.ranking import JUDGED, Ranking
from kefu.knowledge.recall.reranking import SecondLook
from kefu.knowledge.recall.rows import rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Query, Search
from kefu.knowledge.store.store import open_store
from kefu.knowledge.store.text_vectors import TextVectors
from kefu.knowledge.vectors import new_vectors
from kefu.models.checkpoint import CHECKPOINTS
from kefu.models.loader import build_embedder, build_reranker
from kefu.models.prompts import FAQ
from kefu.protocols import Embedder, Vectors, Where
from kefu.settings import CacheSettings, EmbeddingSettings, RerankerSettings, Settings
from retrieval import ROOT
from retrieval.embedded import Collection
from retrieval.measure import LIVE, Measurement, megabytes
from retrieval.texts import lasting

_ASKED, _RERANKED_QUERIES, _UPSERTS = 500, 50, 20
_PATIENCE = 120.0  # seconds for an entry to be answered with; the process that puts it in starts meanwhile
_BATCH = 5_000  # entries of one transaction
_INTERESTS = 2  # kinds of goods that a customer bought

SEARCH, EMBEDDED, RERANKED = "search", "search + embedding", "search + reranker"


def measure_search(found: Collection, only: Sequence[str] = ()) -> Iterator[Measurement]:
    """Measure the whole search, then the upsert, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    for measure, name in ((_search, SEARCH), (_upserts, LIVE)):
        if not only or name.startswith(tuple(only)):
            # Unlike those of a Pool, its process may start another one.
            with ProcessPoolExecutor(1, context) as pool:
                yield from pool.submit(measure, found).result()


def _search(found: Collection) -> list[Measurement]:
    before, began = megabytes(), time.perf_counter()
    embedder = build_embedder(EmbeddingSettings(cache_size=0, threads=1))
    search = _filled(found, embedder)
    built = time.perf_counter() - began
    gc.collect()
    grown = megabytes() - before
    interests = _interests(found)

    def asked(query: int, vector: Vectors) -> Query:
        return Query(found.queries[query].text, vector, Where(moment=now()), interests)

    def by_vector(query: int) -> Ranking:
        hits = search.find(asked(query, found.query_vectors[query]))
        return Ranking(hits, Rule(), found.queries[query].language)

    def by_text(query: int) -> Ranking:
        (vector,) = embedder.embed([found.queries[query].text], task=FAQ)
        return Ranking(search.find(asked(query, vector)), Rule(), found.queries[query].language)

    lines = [
        _line(SEARCH, "four routes, fused", found, by_vector, _ASKED, grown, built),
        _line(EMBEDDED, "the same, query embedded", found, by_text, _ASKED, grown, built),
    ]
    folder = CHECKPOINTS / "reranker"
    if folder.is_dir():
        look = SecondLook(build_reranker(RerankerSettings(model=str(folder), threads=1)), None, _PATIENCE)

        def reranked(query: int) -> Ranking:
            ranking = by_text(query)
            question = found.queries[query]
            chances, _ = look.judge(question.text, ranking.entries()[:JUDGED], question.language)
            assert chances is not None
            return ranking.reranked(chances)

        lines.append(_line(RERANKED, "the first 50 judged", found, reranked, _RERANKED_QUERIES, grown, built))
    return lines


def _line(
    side: str, note: str, found: Collection, ask: Callable[[int], object], count: int, grown: float, built: float
) -> Measurement:
    count = min(count, len(found.queries))
    for query in range(min(5, count)):
        ask(query)
    times, busy = [], []
    for query in range(count):
        began, began_cpu = time.perf_counter(), time.process_time()
        ask(query)
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - began_cpu) * 1000)
    line = _measurement(side, note, found, times, grown, built)
    return replace(line, cpu_p50=float(np.percentile(busy, 50)), cpu_p99=float(np.percentile(busy, 99)))


def _measurement(
    side: str, note: str, found: Collection, times: Sequence[float], grown: float, built: float
) -> Measurement:
    return Measurement(
        side=side,
        note=note,
        vectors=len(found.vectors),
        queries=len(times),
        recall=None,
        p50=float(np.percentile(times, 50)),
        p99=float(np.percentile(times, 99)),
        cpu_p50=None,
        cpu_p99=None,
        per_second=1000 * len(times) / sum(times),
        megabytes=grown,
        build_seconds=built,
    )


def _entries(found: Collection) -> list[Entry]:
    """Make an entry of each text; the first of a topic bears its name, by which the shop's rules know it."""
    first = {text.topic: place for place, text in reversed(list(enumerate(found.texts)))}
    return [
        Entry(
            text.topic if first[text.topic] == place else f"e{place}",
            text.topic,
            0.5,
            {text.language: Wording(text.text, f"{text.text} {place}.")},
            scope=lasting(place),
        )
        for place, text in enumerate(found.texts)
    ]


def _interests(found: Collection) -> frozenset[str]:
    """Give what concerns the customer: the topics that most entries are about, so that there is something to mark."""
    return frozenset(topic for topic, _ in Counter(text.topic for text in found.texts).most_common(_INTERESTS))


def _filled(found: Collection, embedder: Embedder) -> Search:
    unanswerable = unanswerable_rows()
    settings = Settings(root=ROOT)
    index = new_vectors(settings, found.vectors.shape[1], len(found.vectors))
    told = embedder.embed([row.text for row in unanswerable])
    rules = load_question_rules(settings.path(settings.knowledge.rules))
    search = Search(index, unanswerable, told, rules)
    entries = _entries(found)
    numbers = [rows_of_entry(entry)[0].number for entry in entries]
    search.put(entries, dict(zip(numbers, found.vectors, strict=True)))
    return search


def _upserts(found: Collection) -> list[Measurement]:
    """Let another process put entries in, and time until this one answers with each."""
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        before, began = megabytes(), time.perf_counter()
        settings = Settings(root=Path(folder), cache=CacheSettings(size=0))
        embedder = build_embedder(settings.embedding)
        _stored(found, settings, embedder)
        base = KnowledgeBase(settings, embedder)
        built, grown = time.perf_counter() - began, megabytes() - before
        ours, theirs = multiprocessing.Pipe()
        writer = multiprocessing.get_context("spawn").Process(target=_write, args=(folder, theirs))
        writer.start()
        times = [_until_answered(base, ours, number) for number in range(_UPSERTS)]
        ours.send(None)
        writer.join()
        base.close()
        return [_measurement(LIVE, "from commit to the answer", found, times, grown, built)]


def _stored(found: Collection, settings: Settings, embedder: Embedder) -> None:
    """Put the collection into a store, with an empty index beside it, which takes the vectors out of the store."""
    store, identity = open_store(settings), embedder.identity()
    unanswerable = [row.text for row in unanswerable_rows()]
    nowhere = dict(zip(map(text_hash, unanswerable), embedder.embed(unanswerable), strict=True))
    store.put_vectors(TextVectors(identity.fingerprint, identity.dim, nowhere))
    entries = _entries(found)
    for at in range(0, len(entries), _BATCH):
        part = entries[at : at + _BATCH]
        hashes = [text_hash(rows_of_entry(entry)[0].text) for entry in part]
        vectors = dict(zip(hashes, found.vectors[at : at + _BATCH], strict=True))
        told = TextVectors(identity.fingerprint, identity.dim, vectors)
        store.put(part, author="bench", source="bench", vectors=told)
    store.database.close()
    rule = replace(Rule(), threshold=0.0)  # whatever comes first is the answer
    meta = Meta(identity, None, rule, Fit("", "", 0, None, None, None), now().isoformat())
    folder = settings.path(settings.knowledge.index)
    folder.mkdir(parents=True)
    save(folder, meta, new_vectors(settings, identity.dim, len(found.vectors)))


def _until_answered(base: KnowledgeBase, writer: Connection, number: int) -> float:
    """Give the milliseconds from the commit in the other process to the answer in this one."""
    question = f"is model ZQ-{number}-{number * 7919} in the warehouse of Lanzhou"
    writer.send((f"live{number}", question))
    end = time.monotonic() + _PATIENCE
    while base.answer(question).entry_id != f"live{number}":
        if time.monotonic() > end:
            raise TimeoutError("an entry that was put in is not answered with")
    answered = time.monotonic()
    committed: float = writer.recv()
    return max(0.0, (answered - committed) * 1000)


def _write(folder: str, orders: Connection) -> None:
    store = open_store(Settings(root=Path(folder)))
    while order := orders.recv():
        name, question = order
        store.put([Entry(name, "bench", 0.5, {"en": Wording(question, "Yes.")})], author="bench", source="bench")
        orders.send(time.monotonic())
