"""Names of things before a customer, in both languages (``labels.yml``)."""

from functools import lru_cache
from importlib.resources import files

from kefu.shop.orders import Bilingual
from kefu.text import Language
from kefu.yaml_text import load_yaml


def label(group: str, name: str, language: Language) -> str:
    """Give the name of a thing; one that has none is called by its key (a shop may add reasons of its own)."""
    found = _labels().get(group, {}).get(name)
    return found.in_language(language) if found else name.replace("_", " ")


def labels(group: str) -> dict[str, Bilingual]:
    """Give all names of a group."""
    return dict(_labels()[group])


@lru_cache(maxsize=1)
def _labels() -> dict[str, dict[str, Bilingual]]:
    content = load_yaml(files("kefu.shop").joinpath("labels.yml").read_text(encoding="utf-8"))
    return {
        group: {name: Bilingual(text["zh"], text["en"]) for name, text in names.items()}
        for group, names in content.items()
    }
