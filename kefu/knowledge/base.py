"""The face of the knowledge: asks the search, applies the rule, words the answer. One per process."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kefu import clock as real_clock
from kefu.errors import DataError
from kefu.knowledge.asked import LONGEST_QUESTION, Asked
from kefu.knowledge.asker import Asker
from kefu.knowledge.cache import AnswerCache, build_cache
from kefu.knowledge.current import CurrentKnowledge, Live, View
from kefu.knowledge.decision import Decision, Judged, Option, Trace
from kefu.knowledge.entries import digest
from kefu.knowledge.grounding import Evidence, Patience, grounded_answer
from kefu.knowledge.live.facts import shared_facts
from kefu.knowledge.live.placeholders import fill_live, names_live_facts
from kefu.knowledge.recall.ranking import JUDGED, Ranking
from kefu.knowledge.recall.reranking import SecondLook
from kefu.knowledge.told import answered, title
from kefu.knowledge.tracing import candidates_of, routes_of, thresholds_of, weights_of
from kefu.models import shared_generator
from kefu.models.prompts import FAQ
from kefu.protocols import Clock, Embedder, Message, Reranker
from kefu.settings import Settings
from kefu.text import LANGUAGES, Language, detect_language, normalise

_SHOWN_CANDIDATES = 5
_EXPLAINED_CANDIDATES = 50
_LONG_MS = 50.0  # after which what may have been withdrawn meanwhile is looked at again before it is told
_OFFERED = 2  # entries that the customer is asked to choose from


class KnowledgeBase:
    """Answers questions; safe between threads. What changed in store or index is taken up before the next answer."""

    def __init__(
        self, settings: Settings, embedder: Embedder, reranker: Reranker | None = None, clock: Clock = real_clock.now
    ) -> None:
        """Open store and index.

        :raises KnowledgeIndexError: if there is no index, or another model made it.
        :raises DataError: if an entry, the policy or a rule is wrong.
        :raises StoreError: if the database cannot be used.
        """
        self._settings, self._embedder, self._clock = settings, embedder, clock
        self._knowledge = CurrentKnowledge(settings, embedder, clock)
        self._look = SecondLook(reranker, settings.reranker.instruction, settings.reranker.deadline)
        self.cache = AnswerCache(build_cache(settings.cache), settings.cache.seconds)

    @property
    def entry_ids(self) -> frozenset[str]:
        """All entries there are."""
        return frozenset(self._knowledge.live)

    def answer(
        self,
        question: str,
        *,
        language: Language | None = None,
        strict: bool = False,
        knowledge_language: Language | None = None,
        explain: bool = False,
        asker: Asker | None = None,
    ) -> Decision:
        """Answer one question, ask back, or abstain.

        :param language: the customer's; None reads it off the question.
        :param strict: for what looks like no question to a shop: a higher confidence is asked for.
        :param knowledge_language: take only knowledge in this language, as if there were no other.
        :param explain: give more candidates, and the signals; nothing comes from the cache then.
        :raises KefuError: if the model cannot embed the question, or a store of vectors does not answer.
        """
        return self.answer_many([(question, language)], strict, knowledge_language, explain, asker)[0]

    def answer_many(
        self,
        questions: Sequence[tuple[str, Language | None]],
        strict: bool = False,
        knowledge_language: Language | None = None,
        explain: bool = False,
        asker: Asker | None = None,
    ) -> list[Decision]:
        """Answer several questions, embedded in batches; see :meth:`answer`."""
        self._knowledge.catch_up()
        moment = self._clock()
        asked = [
            Asked(
                text,
                language or detect_language(text[:LONGEST_QUESTION]) or LANGUAGES[0],
                strict,
                knowledge_language,
                explain,
                asker or Asker(),
                moment,
            )
            for text, language in questions
        ]
        decisions: dict[int, Decision] = {}
        for at, one in enumerate(asked):
            if reason := one.unreadable():
                decisions[at] = Decision("abstain", one.language, reason=reason)
            elif kept := self._kept(one):
                decisions[at] = kept
        open_ones = [at for at in range(len(asked)) if at not in decisions]
        decisions.update(zip(open_ones, self._decide_all([asked[at] for at in open_ones]), strict=True))
        return [decisions[at] for at in range(len(asked))]

    def entry_text(self, entry_id: str, language: Language) -> str:
        """Give the approved answer of an entry, in the other language (with a note) if it lacks this one.

        :raises DataError: if there is no such entry.
        """
        self._knowledge.catch_up()
        return self._with_facts(answered(self._live(entry_id), language)).text

    def entry_title(self, entry_id: str, language: Language) -> str:
        """Give the question that an entry answers, in the other language if it lacks this one.

        :raises DataError: if there is no such entry.
        """
        self._knowledge.catch_up()
        return title(self._live(entry_id), language)

    def entry_answer(self, entry_id: str, language: Language) -> Decision:
        """Answer with an entry that the customer chose.

        :raises DataError: if there is no such entry, or it does not hold now.
        """
        self._knowledge.catch_up()
        live = self._live(entry_id)
        if not live.entry.scope.holds(self._clock()):
            raise DataError(f"The entry `{entry_id}` does not hold now.")
        return self._with_facts(answered(live, language))

    def worded(
        self,
        question: str,
        decision: Judged,
        language: Language,
        history: Sequence[Message] = (),
        *,
        timeout: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Decision | None:
        """Answer from several entries where no approved text was sure enough; None where that cannot be done.

        With a generator, also where the customer would be asked which of two entries was meant. Nothing is worded of
        entries that are less likely than what would be asked back about, nor is anything told that rests on an entry
        which was changed, deleted or over before all was worded.

        :param timeout: seconds that the caller has; the generator never takes more, nor more than its settings say.
        :param cancel: once set, nobody waits any more, and the generator stops.
        """
        rule = self._knowledge.meta.rule
        if decision.kind == "answer" or decision.confidence < rule.ask_threshold:
            return None
        generator = shared_generator(self._settings.generator)
        if decision.kind == "ask_back" and generator is None:
            return None
        evidence, longest = self._evidence(decision, language), self._settings.generator.timeout
        waits = Patience(longest if timeout is None else min(timeout, longest), cancel)
        found = grounded_answer(question, evidence, language, history, generator=generator, patience=waits)
        if found is None or not self._still_said({one.entry_id: one.version for one in evidence}, found.sources):
            return None
        return replace(
            found,
            confidence=decision.confidence,
            threshold=decision.threshold,
            candidates=decision.candidates,
            trace=decision.trace,
        )

    def _still_said(self, versions: Mapping[str, str], sources: Sequence[str]) -> bool:
        """Say whether the sources of an answer hold now, and are the same as when it was begun."""
        self._knowledge.catch_up()
        live, now = self._knowledge.live, self._clock()
        found = [(live.get(name), versions[name]) for name in sources]
        return all(one and str(one.revision) == old and one.entry.scope.holds(now) for one, old in found)

    def _evidence(self, decision: Judged, language: Language) -> list[Evidence]:
        """Give what the candidates say at this moment, the best first; in the other language if they lack this one."""
        moment, found = self._clock(), []
        for candidate in decision.candidates:
            live = self._knowledge.live.get(candidate.entry_id)
            if live is None or not live.entry.scope.holds(moment):
                continue
            own = language if language in live.entry.wordings else next(iter(live.entry.wordings))
            told = self._with_facts(answered(live, own))
            found.append(
                Evidence(live.entry.id, told.title, told.text, own, told.source_version, told.as_of, told.link)
            )
        return found

    def catch_up(self) -> bool:
        """Take in what changed, as every answer does first; say whether anything did."""
        return self._knowledge.catch_up()

    def close(self) -> None:
        """Give back connections."""
        self._knowledge.close()

    def _live(self, entry_id: str) -> Live:
        live = self._knowledge.live.get(entry_id)
        if live is None:
            raise DataError(f"There is no knowledge entry `{entry_id}`.")
        return live

    def _kept(self, asked: Asked) -> Decision | None:
        """Give the answer from the cache, unless its entry ceased to hold or is gone."""
        if asked.explain or not self.cache.is_on:
            return None
        found = self.cache.get(self._key(asked, self._knowledge.version))
        if found is None or found.trace is None:
            return found
        live = self._knowledge.live.get(found.entry_id or "")
        if found.kind == "answer" and (live is None or not live.entry.scope.holds(asked.moment)):
            return None
        if found.kind == "answer" and live is not None and found.source_version != str(live.revision):
            return None
        return replace(found, trace=replace(found.trace, cache="hit", timings={"total_ms": _since(asked.started)}))

    def _key(self, asked: Asked, version: str) -> str:
        """Hash all that a decision depends on beside the clock."""
        meta, who = self._knowledge.meta, asked.asker
        return digest(
            [
                normalise(asked.text),
                [asked.language, asked.strict, asked.only],
                [who.channel, who.tier, who.category, who.customer, sorted(who.interests)],
                [version, meta.model.fingerprint],
            ]
        )

    def _decide_all(self, asked: Sequence[Asked]) -> list[Decision]:
        if not asked:
            return []
        started = time.perf_counter()
        vectors = self._embedder.embed([one.text for one in asked], task=FAQ)
        embed_ms = _since(started) / len(asked)
        views = self._knowledge.find([one.query(vector) for one, vector in zip(asked, vectors, strict=True)])
        search_ms = _since(started) / len(asked) - embed_ms
        timings = {"embed_ms": round(embed_ms, 3), "search_ms": round(search_ms, 3)}
        return [self._decide(one, view, timings) for one, view in zip(asked, views, strict=True)]

    def _decide(self, asked: Asked, view: View, timings: Mapping[str, float]) -> Decision:
        started = time.perf_counter()
        # What is alike is judged by the language that the words are in, whatever language the customer is answered in.
        words_in = detect_language(asked.text) or asked.language
        recalled = ranking = Ranking(view.hits, view.meta.rule, words_in)
        judged, outcome = self._look.judge(asked.text, ranking.entries()[:JUDGED], words_in)
        if judged is not None:
            ranking = ranking.reranked(judged)
        decision = self._still_holding(self._with_facts(_by_rule(asked, view, ranking)), asked)
        shown = _EXPLAINED_CANDIDATES if asked.explain else _SHOWN_CANDIDATES
        is_kept = self.cache.is_on and not asked.explain
        decision = replace(
            decision,
            candidates=candidates_of(ranking, shown),
            signals=ranking.signals() if asked.explain else None,
            trace=Trace(
                sequence=view.sequence,
                models={"embedding": view.meta.model.name, **self._look.models},
                filters=asked.filters,
                routes=routes_of(recalled, ranking, shown),
                weights=weights_of(view.meta.rule, with_reranker=judged is not None),
                reranker=outcome,
                thresholds=thresholds_of(view.meta.rule),
                timings={**timings, "rank_ms": round(_since(started), 3), "total_ms": _since(asked.started)},
                cache=self._cache_state(decision, is_kept),
                dimension=view.dimension,
            ),
        )
        # A late reranker is none of the decision's own making: the next one may be in time.
        if is_kept and decision.is_shared and outcome in ("off", "used"):
            edge = self._knowledge.next_edge(asked.moment)
            until = (edge - self._clock()).total_seconds() if edge else None
            self.cache.put(self._key(asked, view.version), decision, until)
        return decision

    def _cache_state(self, decision: Decision, is_kept: bool) -> str:
        if not self.cache.is_on:
            return "off"
        if not is_kept:
            return "passed by"
        return "miss" if decision.is_shared else "not shared"

    def _still_holding(self, decision: Decision, asked: Asked) -> Decision:
        """Withdraw what ceased to hold or was deleted while it was looked for, which slow models make seconds long."""
        if _since(asked.started) >= _LONG_MS:
            self._knowledge.catch_up()
        named = [decision.entry_id] if decision.entry_id else [option.entry_id for option in decision.options]
        live, now = self._knowledge.live, self._clock()
        if all(name in live and live[name].entry.scope.holds(now) for name in named):
            return decision
        withdrawn = Decision("abstain", decision.language, reason="not_sure")
        return replace(withdrawn, confidence=decision.confidence, threshold=decision.threshold)

    def _with_facts(self, decision: Decision) -> Decision:
        """Fill in what holds at this moment (stock, prices, offers), where the text names it."""
        if not names_live_facts(decision.text):
            return decision
        facts, moment = shared_facts(self._settings), self._clock()
        text, as_of, is_shared = fill_live(decision.text, decision.language, facts, moment)
        day = f"{as_of.astimezone(self._knowledge.facts.zone):%Y-%m-%d %H:%M}" if as_of else decision.as_of
        return replace(decision, text=text, as_of=day, is_shared=is_shared)


def _by_rule(asked: Asked, view: View, ranking: Ranking) -> Decision:
    """Answer, ask back or abstain, as sure as the signals are."""
    rule, signals = view.meta.rule, ranking.signals()
    if signals is None:
        return Decision("abstain", asked.language, reason="nothing_found")
    confidence, threshold = rule.confidence(signals), rule.threshold_for(strict=asked.strict)
    entries = ranking.entries()
    if confidence >= threshold:
        decision = answered(view.live[entries[0].id], asked.language, asked.only)
    elif not asked.strict and len(entries) >= _OFFERED and rule.asks_back(signals, confidence):
        offered = [view.live[entry.id] for entry in entries[:_OFFERED]]
        options = tuple(Option(live.entry.id, title(live, asked.language)) for live in offered)
        decision = Decision("ask_back", asked.language, options=options, reason="not_sure")
    else:
        decision = Decision("abstain", asked.language, reason="not_sure")
    return replace(decision, confidence=confidence, threshold=threshold)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
