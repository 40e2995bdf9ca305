"""Settings, parsed once into frozen values; an unknown key is refused with the nearest known name.

``endpoints.yml`` is the only place that says where services are. Beside Rasa's own keys it has Kefu's sections, each
a dataclass here. Secrets never stand in it: ``api_key_env`` names the environment variable that holds one.
"""

import difflib
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml

from kefu.errors import SettingsError
from kefu.json_object import JsonObject
from kefu.yaml_text import load_yaml

ENDPOINTS_VARIABLE = "KEFU_ENDPOINTS"
EMBEDDED = "embedded"
OFF = "off"
_NO_MORE_KEYS = JsonObject()
_SENT_BY_KEFU = frozenset({"model", "messages", "max_tokens", "stream"})  # of a chat request; no setting may say other


@dataclass(frozen=True)
class ModelSettings:
    """Which model, and where it runs: what the embedding and the reranking model have in common.

    ``model`` is ``embedded`` (ships with Kefu), a hub name such as ``Qwen/Qwen3-Embedding-0.6B``, or a directory in
    the published layout. ``engine`` says what computes it in this process: ``onnx`` (ONNX Runtime, on the CPU),
    ``transformers`` (any device and number type), or ``auto``: ONNX Runtime where the model's folder on disk has an
    export (``model.onnx`` or ``onnx/model.onnx``) and the other options ask for nothing that only transformers has.
    With ``url`` the model runs in a server, and ``model`` is the name it is known by there.
    """

    role: ClassVar[str]  # names the folder of the embedded model

    model: str = EMBEDDED
    url: str | None = None
    api_key_env: str = ""
    engine: str = "auto"  # auto, onnx, transformers
    onnx_file: str | None = None  # another export in the model's folder, such as onnx/model_quantized.onnx
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    dtype: str = "auto"  # auto, float32, bfloat16 (float16 has given NaN with Qwen3-Embedding)
    attention: str = "sdpa"  # sdpa, eager, flash_attention_2
    max_length: int = 512  # tokens of one text; what is longer is cut
    batch_size: int = 32
    threads: int = 0  # of the CPU, in process; 0: one for a small model, which more threads only slow, else all
    timeout: float = 10.0  # seconds, for one request to a server
    retries: int = 2


@dataclass(frozen=True)
class EmbeddingSettings(ModelSettings):
    """The embedding model; a server speaks OpenAI's ``/v1/embeddings``."""

    role: ClassVar[str] = "embedder"

    api_key_env: str = "KEFU_EMBEDDING_KEY"
    dimension: int | None = None  # None: the model's own; a smaller one truncates and renormalises (Matryoshka)
    cache_size: int = 4096  # vectors kept (least recently used go first); 0 keeps none


@dataclass(frozen=True)
class RerankerSettings(ModelSettings):
    """The reranking model; ``model: off`` is none.

    A server speaks one of two ``api``: ``jina`` (``POST /v1/rerank``: vLLM, infinity, Jina) or ``tei``
    (``POST /rerank``: text-embeddings-inference). ``template`` says who words the prompt of Qwen3-Reranker: the
    ``client`` (vLLM with the original weights as a classifier, and no chat template) or the ``server`` (vLLM with the
    chat template of its documentation), whose instruction counts then.
    """

    role: ClassVar[str] = "reranker"

    model: str = OFF
    api_key_env: str = "KEFU_RERANKER_KEY"
    max_length: int = 1024  # tokens of a prompt with its query and document; of a longer one the document is cut
    api: str = "jina"  # jina, tei
    template: str = "client"  # client, server
    instruction: str | None = None  # what an answer is, for this kind of shop; None: the published one
    deadline: float = 2.0  # seconds; later than that, the order without it is used


@dataclass(frozen=True)
class GeneratorSettings(ModelSettings):
    """The model that words an answer from several entries; ``model: off`` is none, and sentences are quoted instead.

    A server speaks OpenAI's ``/v1/chat/completions`` (vLLM, SGLang, Ollama, hosted); in process any Qwen3 runs by
    transformers. ``chat_options: false`` leaves out ``chat_template_kwargs``, which turns thinking off with vLLM and
    SGLang, for a hosted service that refuses keys it does not know. Other servers have other switches: ``extra_body``
    goes into each request as it stands (Ollama: ``reasoning_effort: none``). What the model thinks is stripped in any
    case, but costs its time and its tokens.
    """

    role: ClassVar[str] = "generator"

    model: str = OFF
    api_key_env: str = "KEFU_GENERATOR_KEY"
    max_length: int = 8192  # tokens of a prompt; in process, a longer one is refused
    max_tokens: int = 400  # of one answer
    temperature: float = 0.0  # 0: always the likeliest word
    timeout: float = 12.0  # seconds for one answer, waiting and retries and all; less than `server.action_timeout`
    concurrency: int = 4  # answers of a server at once; in process one is written at a time
    queue: int = 8  # customers who wait for their turn; one more is refused at once
    chat_options: bool = True
    extra_body: JsonObject = _NO_MORE_KEYS  # more keys of a request to a server
    quantisation: str = "none"  # none, 4bit (in process, with `pip install 'kefu[4bit]'`)

    def __post_init__(self) -> None:
        if taken := sorted(_SENT_BY_KEFU & self.extra_body.keys()):
            raise SettingsError(f"`generator.extra_body` may not set {', '.join(taken)}: Kefu sets that itself.")


@dataclass(frozen=True)
class KnowledgeSettings:
    """Where knowledge entries come from and where their index is kept (paths are relative to endpoints.yml).

    ``vectors`` says how the nearest vectors are found: ``flat`` (exact), ``funnel`` (exact, or by the first part of
    each vector where less is asked for), ``hnsw`` (a graph), ``milvus``, ``gpu-flat`` and ``gpu-ivf`` (an NVIDIA GPU,
    with faiss-gpu), or ``auto``: Milvus where ``milvus`` says where it is, a funnel for up to 20,000 vectors, HNSW
    beyond.

    ``milvus`` is a server's URL, or a file ending in ``.db`` for Milvus Lite (small tests: it has no HNSW, and one
    process at a time may open it).
    """

    url: str = "sqlite:///.kefu/knowledge.db"  # the store; SQLite or Postgres
    entries: str = "data/knowledge"
    policy: str = "data/shop/policy.yml"
    index: str = ".kefu/index"
    dev: str = "data/eval/dev.tsv"  # questions that the threshold is fitted on; may be absent
    rules: str = "data/shop/question_rules.yml"  # patterns that name a fixed process; may be absent
    precision: float = 0.97  # of answers to `dev` questions, the share that is to be right
    reason_examples: str = "data/shop/reason_examples.yml"  # what customers give as reasons; may be absent
    alarm_examples: str = "data/shop/alarm_examples.yml"  # what customers write of danger and fraud; may be absent
    vectors: str = "auto"  # auto, flat, funnel, hnsw, milvus, gpu-flat, gpu-ivf
    storage: str = "float32"  # float32, int8 (a quarter of the memory, a little less exact)
    milvus: str | None = None
    milvus_key_env: str = "KEFU_MILVUS_KEY"  # "user:password", or a token
    milvus_collection: str = "kefu"  # what the names of collections begin with


@dataclass(frozen=True)
class CacheSettings:
    """Answers kept: in this process, or in Redis (``redis://host:6379/0``) where several workers share them."""

    size: int = 2000  # answers, in this process; 0: none are kept
    seconds: float = 600.0
    url: str | None = None


@dataclass(frozen=True)
class CatalogueSettings:
    """Where stock, prices, promotions and the state of the carriers come from; times are in seconds.

    The shop's files, which may be absent (then no such question is answered), or with ``url`` its own service
    (:mod:`kefu.knowledge.live.remote_source` says what it is asked).
    """

    file: str = "data/shop/catalogue.yml"
    promotions: str = "data/shop/promotions.yml"
    logistics: str = "data/shop/logistics.yml"
    url: str | None = None
    api_key_env: str = "KEFU_CATALOGUE_KEY"
    timeout: float = 2.0  # for one request
    retries: int = 1
    deadline: float = 3.0  # that a customer waits for one fact, retries and all
    stock_seconds: float = 30.0  # a figure that is older than this is never said
    price_seconds: float = 60.0  # of prices and promotions
    catalogue_seconds: float = 300.0  # of names, attributes and the state of the carriers


@dataclass(frozen=True)
class OrderSettings:
    """The shop's database: orders, proofs of identity, attempts."""

    url: str = "sqlite:///.kefu/shop.db"
    seed: str | None = "data/shop/orders.yml"  # put in when the database is empty; null for a real shop
    max_attempts: int = 5
    proof_minutes: int = 60


@dataclass(frozen=True)
class HandoffSettings:
    """Where tickets for people are kept."""

    url: str = "sqlite:///.kefu/shop.db"


@dataclass(frozen=True)
class ServerSettings:
    """What ``kefu run`` adds to ``rasa run``."""

    parse_threads: int = 2
    action_timeout: float = 20.0  # seconds until the customer gets a service message instead
    lock_lifetime: float = 60.0  # seconds; must be longer than action_timeout
    burst_seconds: float = 1.0  # short messages that follow each other this fast are answered once; 0: off
    max_characters: int = 2000  # a longer message gets a friendly refusal


@dataclass(frozen=True)
class ChannelSettings:
    """What the channels have in common: limits for one sender, and where they keep what they must not forget."""

    url: str = "sqlite:///.kefu/channels.db"  # events seen, choices offered, the web chat's messages
    per_minute: float = 20.0  # messages of one sender, in the long run; 0: no limit
    burst: int = 10  # messages of one sender at once
    keep_hours: float = 24.0  # how long the web chat's messages are kept for a reconnect


@dataclass(frozen=True)
class Settings:
    """All of Kefu's sections of one ``endpoints.yml``; ``root`` is the folder that relative paths start from."""

    root: Path
    embedding: EmbeddingSettings = field(default_factory=EmbeddingSettings)
    reranker: RerankerSettings = field(default_factory=RerankerSettings)
    generator: GeneratorSettings = field(default_factory=GeneratorSettings)
    knowledge: KnowledgeSettings = field(default_factory=KnowledgeSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    orders: OrderSettings = field(default_factory=OrderSettings)
    handoff: HandoffSettings = field(default_factory=HandoffSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    channels: ChannelSettings = field(default_factory=ChannelSettings)

    def path(self, relative: str) -> Path:
        """Resolve a path of the settings against the project's folder."""
        return (self.root / relative).resolve()

    def database_url(self, url: str) -> str:
        """Resolve a relative SQLite file against the project's folder; other URLs pass unchanged."""
        prefix = "sqlite:///"
        if not url.startswith(prefix) or url.startswith(prefix + "/") or url == "sqlite:///:memory:":
            return url
        return prefix + str(self.path(url[len(prefix) :]))


_RASA_SECTIONS = frozenset(
    {"action_endpoint", "tracker_store", "lock_store", "event_broker", "models", "nlg", "nlu", "model"}
)
T = TypeVar("T")


def parse_section(kind: type[T], values: dict[str, Any] | None, where: str) -> T:
    """Build one section from a mapping.

    :raises SettingsError: for an unknown key or a value of the wrong type.
    """
    values = values or {}
    if not isinstance(values, dict):
        raise SettingsError(f"`{where}` must be a mapping of options, not {type(values).__name__}.")
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    found = {}
    for key, value in values.items():
        if key not in known:
            raise SettingsError(unknown_key(key, list(known), where))
        default = known[key].default
        found[key] = OFF if value is False and default == OFF else value  # YAML reads `off` as false
        if isinstance(default, JsonObject):
            found[key] = _json_object(value, f"{where}.{key}")
        _check_type(found[key], default, f"{where}.{key}")
    return kind(**found)


def _check_type(value: object, default: object, where: str) -> None:
    if value is None or default is None:
        return
    if isinstance(default, bool) or isinstance(value, bool):
        fits = isinstance(value, bool) and isinstance(default, bool)
    elif isinstance(default, int | float):
        fits = isinstance(value, float if isinstance(default, float) else int) or (
            isinstance(default, float) and isinstance(value, int)
        )
        if fits and value < 0:  # type: ignore[operator]
            raise SettingsError(f"`{where}` must not be negative; it is {value}.")
    else:
        fits = isinstance(value, type(default))
    if not fits:
        raise SettingsError(f"`{where}` must be of type {type(default).__name__}; it is {value!r}.")


def _json_object(value: Any, where: str) -> JsonObject:
    try:
        return JsonObject(value)
    except ValueError as error:
        raise SettingsError(f"`{where}` must be a mapping of what JSON can say: {error}.") from error


def unknown_key(key: str, known: list[str], where: str) -> str:
    """Word the refusal of an unknown key, with the nearest known one."""
    near = difflib.get_close_matches(str(key), known, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else f" Known: {', '.join(sorted(known))}."
    return f"`{where}` has no option `{key}`.{hint}"


def endpoints_path(given: str | Path | None = None) -> Path:
    """Say which ``endpoints.yml`` counts: the one given, KEFU_ENDPOINTS, or the one in the present folder."""
    return Path(given or os.environ.get(ENDPOINTS_VARIABLE) or "endpoints.yml")


def load_settings(path: str | Path | None = None) -> Settings:
    """Read Kefu's sections of ``endpoints.yml``; a missing file means the defaults.

    :raises SettingsError: if the file is not YAML, or a section or option is unknown or of the wrong type.
    """
    file = endpoints_path(path)
    root = file.parent.resolve()
    if not file.exists():
        return Settings(root=root)
    try:
        content = load_yaml(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise SettingsError(f"{file} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{file} must be a mapping of sections.")
    kinds = {
        "embedding": EmbeddingSettings,
        "reranker": RerankerSettings,
        "generator": GeneratorSettings,
        "knowledge": KnowledgeSettings,
        "cache": CacheSettings,
        "catalogue": CatalogueSettings,
        "orders": OrderSettings,
        "handoff": HandoffSettings,
        "server": ServerSettings,
        "channels": ChannelSettings,
    }
    for key in content:
        if key not in kinds and key not in _RASA_SECTIONS:
            raise SettingsError(unknown_key(key, [*kinds, *_RASA_SECTIONS], str(file)))
    return Settings(
        root=root,
        **{name: parse_section(kind, content.get(name), f"{file.name}: {name}") for name, kind in kinds.items()},
    )
