"""Builds the index: embeds what changed, fits the rule where something it depends on changed, replaces the files."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kefu.clock import now
from kefu.errors import KnowledgeIndexError
from kefu.knowledge.decide import Rule
from kefu.knowledge.entries import Knowledge, digest
from kefu.knowledge.entry_files import load_knowledge
from kefu.knowledge.fit import fit_rule, measure_rule, own_samples, samples_of
from kefu.knowledge.index import (
    EntryVersion,
    Fit,
    IndexMeta,
    StoredIndex,
    building,
    flat_index,
    read_index,
    write_index,
)
from kefu.knowledge.questions import read_questions
from kefu.knowledge.rows import Row, rows_of
from kefu.knowledge.search import Search
from kefu.models.loader import model_fingerprint
from kefu.models.prompts import FAQ, INSTRUCTIONS
from kefu.protocols import Clock, Embedder, Vectors
from kefu.settings import Settings

# Raise it whenever the way of fitting or the signals change, so that stored rules are fitted anew.
_FIT_VERSION = 6
OWN_QUESTIONS = "the entries' own questions"
_CHUNK = 256  # texts between two reports of progress
Progress = Callable[[int, int], None]
"""Called with (texts embedded, texts to embed)."""


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
class _Plan:
    """What the index must be made from."""

    knowledge: Knowledge
    rows: list[Row]
    dev: Path | None
    fit_fingerprint: str


def build_index(
    settings: Settings,
    embedder: Embedder,
    *,
    force: bool = False,
    progress: Progress | None = None,
    clock: Clock = now,
) -> BuildReport:
    """Bring the index up to date with entries, policy, dev questions and model; ``force`` makes all of it anew.

    ``embedder`` is the one that ``settings.embedding`` describes; it is loaded only if something has to be done.

    :raises DataError: if an entry, the policy or the file of dev questions is wrong.
    :raises ModelError: if the model cannot be loaded.
    """
    started = time.perf_counter()
    folder = settings.path(settings.knowledge.index)
    with building(folder):
        plan = _plan(settings)
        old = None if force else _usable(folder, settings)
        if old is not None and _is_current(old, plan):
            return _report(old.meta, changed=False, embedded=0, fitted=False, started=started)
        vectors, embedded = _embed(plan.rows, old, embedder, progress)
        search = Search(plan.knowledge, plan.rows, flat_index(vectors))
        fits = old is not None and old.meta.fit.fingerprint == plan.fit_fingerprint
        rule, fit = (old.meta.rule, old.meta.fit) if old is not None and fits else _fit(plan, search, embedder)
        moment = clock()
        meta = IndexMeta(
            model=embedder.identity(),
            dimension_asked=settings.embedding.dimension,
            content_hash=plan.knowledge.content_hash,
            row_hashes=tuple(row.text_hash for row in plan.rows),
            entries=_versions(plan.knowledge, old.meta.entries if old else {}, moment.date().isoformat()),
            rule=rule,
            fit=fit,
            built_at=moment.isoformat(timespec="seconds"),
        )
        write_index(folder, meta, vectors)
    return _report(meta, changed=True, embedded=embedded, fitted=not fits, started=started)


def _plan(settings: Settings) -> _Plan:
    paths = settings.knowledge
    knowledge = load_knowledge(settings.path(paths.entries), settings.path(paths.policy))
    rows = rows_of(knowledge)
    dev = settings.path(paths.dev) if paths.dev and settings.path(paths.dev).is_file() else None
    fingerprint = digest(
        [
            _FIT_VERSION,
            model_fingerprint(settings.embedding),
            settings.embedding.dimension,
            INSTRUCTIONS[FAQ],
            [(row.entry_id, row.language, row.text_hash) for row in rows],
            sorted((entry.id, entry.popularity) for entry in knowledge.entries.values()),
            dev.read_bytes().hex() if dev else None,
        ]
    )
    return _Plan(knowledge, rows, dev, fingerprint)


def _usable(folder: Path, settings: Settings) -> StoredIndex | None:
    """Give the index on disk if the model in use made it; that is told without loading the model."""
    try:
        stored = read_index(folder)
    except KnowledgeIndexError:
        return None
    made, wanted = stored.meta.model, settings.embedding
    same = made.fingerprint == model_fingerprint(wanted) and wanted.dimension == stored.meta.dimension_asked
    return stored if same else None


def _is_current(old: StoredIndex, plan: _Plan) -> bool:
    return (
        old.meta.content_hash == plan.knowledge.content_hash
        and list(old.meta.row_hashes) == [row.text_hash for row in plan.rows]
        and old.meta.fit.fingerprint == plan.fit_fingerprint
    )


def _embed(
    rows: Sequence[Row], old: StoredIndex | None, embedder: Embedder, progress: Progress | None
) -> tuple[Vectors, int]:
    """Give the vectors of all rows, ``float32[n, dim]``, and how many texts had to be embedded."""
    hashes = [row.text_hash for row in rows]
    known: dict[str, Vectors] = {}
    if old is not None:
        known = dict(zip(old.meta.row_hashes, old.all_vectors(), strict=True))
    missing = {key: row.text for key, row in zip(hashes, rows, strict=True) if key not in known}
    known.update(zip(missing, _embed_texts(list(missing.values()), embedder, progress), strict=True))
    return np.stack([known[key] for key in hashes]), len(missing)


def _embed_texts(texts: list[str], embedder: Embedder, progress: Progress | None) -> list[Vectors]:
    vectors: list[Vectors] = []
    for start in range(0, len(texts), _CHUNK):
        vectors.extend(embedder.embed(texts[start : start + _CHUNK]))
        if progress:
            progress(len(vectors), len(texts))
    return vectors


def _fit(plan: _Plan, search: Search, embedder: Embedder) -> tuple[Rule, Fit]:
    if plan.dev is not None:
        samples = samples_of(read_questions(plan.dev, plan.knowledge.entries))
        fitted, source = fit_rule(search, embedder, samples), plan.dev.name
    else:
        samples = own_samples(plan.rows)
        fitted, source = measure_rule(search, embedder, samples), OWN_QUESTIONS
    fit = Fit(plan.fit_fingerprint, source, len(samples), fitted.answered_right, fitted.refusal)
    return fitted.rule, fit


def _versions(knowledge: Knowledge, old: Mapping[str, EntryVersion], today: str) -> dict[str, EntryVersion]:
    """Note since when each entry says what it says now."""
    versions = {}
    for entry in knowledge.entries.values():
        known = old.get(entry.id)
        version = entry.version
        versions[entry.id] = known if known and known.version == version else EntryVersion(version, today)
    return versions


def _report(meta: IndexMeta, *, changed: bool, embedded: int, fitted: bool, started: float) -> BuildReport:
    distinct = len(set(meta.row_hashes))
    return BuildReport(
        changed=changed,
        entries=len(meta.entries),
        rows=len(meta.row_hashes),
        embedded=embedded,
        reused=distinct - embedded,
        fitted=fitted,
        fit=meta.fit,
        threshold=meta.rule.threshold,
        strict_threshold=meta.rule.strict_threshold,
        seconds=time.perf_counter() - started,
    )
