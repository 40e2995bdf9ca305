"""Builds the index: takes the project's files into the store, embeds what changed, fits the rule where something that
it depends on changed, and writes what a process needs to open the knowledge fast."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from kefu.clock import now
from kefu.errors import DataError, KnowledgeIndexError
from kefu.knowledge.entries import Entry, Facts, digest
from kefu.knowledge.evaluation.questions import read_questions
from kefu.knowledge.files.project import read_folder
from kefu.knowledge.files.sync import sync_files
from kefu.knowledge.index.fit import fit_rule, measure_rule, own_samples, samples_of
from kefu.knowledge.index.rule import Rule
from kefu.knowledge.index.saved import Fit, Meta, building, open_saved, read_meta, save
from kefu.knowledge.recall.question_rules import QuestionRules, load_question_rules
from kefu.knowledge.recall.reranking import SecondLook
from kefu.knowledge.recall.rows import Row, rows_of_entry, unanswerable_rows
from kefu.knowledge.recall.search import Search
from kefu.knowledge.store.store import KnowledgeStore, open_store
from kefu.knowledge.store.text_vectors import Embedding, Progress, TextVectors
from kefu.knowledge.vectors.choose import new_vectors
from kefu.models.loader import build_reranker, model_fingerprint
from kefu.models.prompts import FAQ, INSTRUCTIONS
from kefu.protocols import Clock, Embedder, ModelIdentity, Vectors
from kefu.settings import Settings

logger = logging.getLogger(__name__)

# Raise it whenever the way of fitting or the signals change, so that stored rules are fitted anew.
_FIT_VERSION = 9
_FITTING_SECONDS = 60.0  # for a reranker, on one question
OWN_QUESTIONS = "the entries' own questions"


@dataclass(frozen=True)
class BuildReport:
    """What a build did. Shares are those of the fit, on questions that it had left out."""

    changed: bool
    entries: int
    rows: int
    embedded: int
    reused: int
    fitted: bool
    fit: Fit
    threshold: float
    strict_threshold: float
    seconds: float


@dataclass(frozen=True)
class _Content:
    """What the index is made from: filled-in entries with their vectors, and what nothing answers."""

    entries: list[Entry]
    rows: list[Row]
    unanswerable: list[Row]
    vectors: TextVectors
    rules: QuestionRules
    dev: Path | None


def build_index(
    settings: Settings,
    embedder: Embedder,
    *,
    force: bool = False,
    progress: Progress | None = None,
    clock: Clock = now,
) -> BuildReport:
    """Bring store and index up to date with files, policy, dev questions and model; ``force`` makes all of it anew.

    ``embedder`` is the one that ``settings.embedding`` describes; it is loaded only if something has to be embedded.

    :raises DataError: if an entry's file, the policy, a rule or a dev question is wrong; nothing is changed then.
    :raises ModelError: if the model cannot be loaded.
    :raises StoreError: if the database cannot be used.
    """
    started = time.perf_counter()
    folder = settings.path(settings.knowledge.index)
    with building(folder):
        old = None if force else _usable(folder, settings)
        counted = _Counted(embedder if old is None else _Known(embedder, old))
        facts = Facts(settings.path(settings.knowledge.policy))
        store = open_store(settings, clock)
        try:
            rules = _checked(store, settings)
            if force:
                store.compact(up_to=0, used=("", 0, ()))  # no vector is kept
            embedding = Embedding(store.database, counted)
            entries = settings.path(settings.knowledge.entries)
            report = sync_files(store, entries, settings.root, facts, embedding, progress)
            content = _content(store, settings, embedding, facts, rules, progress)
        finally:
            store.database.close()
        fingerprint = _fit_fingerprint(settings, content)
        is_same = old is not None and not report.changed and old.fit.fingerprint == fingerprint
        if old is not None and is_same and _opens(settings, folder, old):
            return _report(old, content, changed=False, embedded=0, fitted=False, started=started)
        keeps_fit = old is not None and old.fit.fingerprint == fingerprint
        search = _search(settings, content, counted.identity().dim)
        rule, fit = (old.rule, old.fit) if old is not None and keeps_fit else _fit(settings, content, search, counted)
        meta = Meta(
            model=counted.identity(),
            dimension_asked=settings.embedding.dimension,
            rule=rule,
            fit=replace(fit, fingerprint=fingerprint),
            built_at=clock().isoformat(timespec="seconds"),
        )
        save(folder, meta, search.vectors)
        search.vectors.close()
    return _report(meta, content, changed=True, embedded=counted.embedded, fitted=not keeps_fit, started=started)


class _Known:
    """An embedder whose identity is known from the index already, so that it need not be loaded to look vectors up."""

    def __init__(self, embedder: Embedder, meta: Meta) -> None:
        self._embedder, self._identity = embedder, meta.model

    def warm_up(self) -> None:
        self._embedder.warm_up()

    def identity(self) -> ModelIdentity:
        return self._identity

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
        return self._embedder.embed(texts, task=task)


class _Counted:
    """An embedder that counts the texts of documents that reach it, and tells how far it is."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.embedded = 0

    def warm_up(self) -> None:
        self._embedder.warm_up()

    def identity(self) -> ModelIdentity:
        return self._embedder.identity()

    def embed(self, texts: Sequence[str], *, task: str | None = None) -> Vectors:
        self.embedded += len(texts) if task is None else 0
        return self._embedder.embed(texts, task=task)


def _usable(folder: Path, settings: Settings) -> Meta | None:
    """Give what the index on disk says of itself, if the model in use made it; told without loading the model."""
    try:
        meta = read_meta(folder)
    except KnowledgeIndexError:
        return None
    wanted = settings.embedding
    same = meta.model.fingerprint == model_fingerprint(wanted) and wanted.dimension == meta.dimension_asked
    return meta if same else None


def _opens(settings: Settings, folder: Path, meta: Meta) -> bool:
    """Say whether the index on disk is whole, and of the kind that the settings name now."""
    try:
        _, vectors = open_saved(settings, folder, meta.model)
    except KnowledgeIndexError:
        return False
    vectors.close()
    return True


def _checked(store: KnowledgeStore, settings: Settings) -> QuestionRules:
    """Read rules and dev questions before anything is changed: they must name entries that there are."""
    files = read_folder(settings.path(settings.knowledge.entries), may_be_empty=True)
    known = {entry.id for _, entry in files} | {entry.id for entry in store.all_entries().entries}
    rules = load_question_rules(settings.path(settings.knowledge.rules))
    if unknown := rules.unknown(known):
        raise DataError(f"{settings.knowledge.rules} names the entry `{unknown[0]}`, which there is not.")
    if dev := _dev(settings):
        read_questions(dev, known)
    return rules


def _dev(settings: Settings) -> Path | None:
    file = settings.path(settings.knowledge.dev) if settings.knowledge.dev else None
    return file if file and file.is_file() else None


def _content(
    store: KnowledgeStore,
    settings: Settings,
    embedding: Embedding,
    facts: Facts,
    rules: QuestionRules,
    progress: Progress | None,
) -> _Content:
    """Read all entries with their vectors; those that nobody embedded yet are embedded and kept."""
    entries = list(_filled(store.all_entries().entries, facts))
    rows, unanswerable = [row for entry in entries for row in rows_of_entry(entry)], unanswerable_rows()
    vectors = embedding.vectors_for([row.text for row in (*rows, *unanswerable)], progress)
    store.put_vectors(vectors)
    return _Content(entries, rows, unanswerable, vectors, rules, _dev(settings))


def _filled(entries: Iterable[Entry], facts: Facts) -> Iterator[Entry]:
    """Fill in the facts. Files were checked; what came in another way and names an unknown fact is left out."""
    for entry in entries:
        try:
            yield facts.fill(entry, entry.id)
        except DataError as error:
            logger.warning("An entry is left out of the index: %s", error)


def _fit_fingerprint(settings: Settings, content: _Content) -> str:
    reranker = settings.reranker
    return digest(
        [
            [_FIT_VERSION, asdict(Rule())],
            model_fingerprint(settings.embedding),
            settings.embedding.dimension,
            INSTRUCTIONS[FAQ],
            settings.knowledge.precision,
            [reranker.model, reranker.url, reranker.instruction],
            [(row.entry_id, row.language, row.text_hash) for row in content.rows],
            sorted((entry.id, entry.popularity) for entry in content.entries),
            [(entry, [one.pattern for one in patterns]) for entry, patterns in content.rules.patterns.items()],
            content.dev.read_bytes().hex() if content.dev else None,
        ]
    )


def _search(settings: Settings, content: _Content, dim: int) -> Search:
    """Put all entries into an empty index."""
    vectors, unanswerable = content.vectors.rows, content.unanswerable
    index = new_vectors(settings, dim, len(content.rows))
    search = Search(index, unanswerable, np.stack([vectors[row.text_hash] for row in unanswerable]), content.rules)
    search.put(content.entries, {row.number: vectors[row.text_hash] for row in content.rows})
    return search


def _fit(settings: Settings, content: _Content, search: Search, embedder: Embedder) -> tuple[Rule, Fit]:
    look = SecondLook(build_reranker(settings.reranker), settings.reranker.instruction, _FITTING_SECONDS)
    if content.dev is not None:
        samples = samples_of(read_questions(content.dev, {entry.id for entry in content.entries}))
        fitted, source = fit_rule(search, embedder, samples, settings.knowledge.precision, look), content.dev.name
    else:
        samples = own_samples(content.rows, content.unanswerable)
        fitted, source = measure_rule(search, embedder, samples), OWN_QUESTIONS
    reached = fitted.at_threshold
    shares = (reached.answered_right, reached.refusal, reached.precision)
    check = fitted.fusion
    first = (check.dense, check.fused) if check else (None, None)
    return fitted.rule, Fit("", source, len(samples), *shares, fitted.curve, *first)


def _report(
    meta: Meta, content: _Content, *, changed: bool, embedded: int, fitted: bool, started: float
) -> BuildReport:
    return BuildReport(
        changed=changed,
        entries=len(content.entries),
        rows=len(content.rows) + len(content.unanswerable),
        embedded=embedded,
        reused=len(content.vectors.rows) - embedded,
        fitted=fitted,
        fit=meta.fit,
        threshold=meta.rule.threshold,
        strict_threshold=meta.rule.strict_threshold,
        seconds=time.perf_counter() - started,
    )
