"""Every error that Kefu raises on purpose.

    KefuError
    ├── SettingsError          endpoints.yml, policy.yml or an option is wrong
    ├── DataError              a knowledge entry, order or question file is wrong
    ├── ModelError             a model cannot be loaded or does not fit what was stored
    │   ├── RemoteModelError   a model server answered wrongly, late or not at all
    │   ├── ModelBusy          too many already wait for a generating model
    │   └── GenerationStopped  an answer was not written in time, or nobody waits for it any more
    ├── KnowledgeIndexError    the knowledge index is missing, cannot be written or does not fit the model
    ├── LiveFactError          stock, a price or the like cannot be looked up in time
    ├── StoreError             the database cannot be reached or is locked
    │   └── ChangesGone        changes that a reader asks for were compacted away: it reads all entries anew
    └── ActionServerError      the action server is away, late or failing

A message says the rule, the value received and the remedy; it never carries a customer's words.
"""


class KefuError(Exception):
    """Base of all errors that Kefu raises on purpose."""


class SettingsError(KefuError):
    """A setting is missing, unknown or out of range."""


class DataError(KefuError):
    """A data file says something that cannot be."""


class ModelError(KefuError):
    """A model cannot be loaded, or differs from the one that stored data was made with."""


class RemoteModelError(ModelError):
    """A model server answered wrongly, too late or not at all."""


class ModelBusy(ModelError):
    """So many wait for a generating model that one more would wait in vain."""


class GenerationStopped(ModelError):
    """A model did not finish its answer before the deadline, or was told to stop."""


class KnowledgeIndexError(KefuError):
    """The knowledge index is missing, damaged, made by another model or cannot be written."""


class LiveFactError(KefuError):
    """A live fact (stock, a price, a promotion) cannot be looked up, or not in time."""


class StoreError(KefuError):
    """The database cannot be reached, is locked or holds another schema."""


class ChangesGone(StoreError):
    """The changes since a reader's sequence number are no longer listed; it reads all entries anew."""


class ActionServerError(KefuError):
    """The action server is away, late, failing, or answers something that is no answer."""
