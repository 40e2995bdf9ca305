"""Runs in the environment of sentence-transformers, which knows nothing of Kefu: `request.json` to `vectors.npz`.

The request: `folder`, `encodings` (each with a `key`, `texts`, `one_by_one` and the options of
`SentenceTransformer.encode`), and `dtype` (null: whatever it takes by itself).
"""

import json
import sys
from pathlib import Path

import numpy as np
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer


def main() -> None:
    """Load the folder, encode as often as is asked for, and print the versions."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    options = {"model_kwargs": {"dtype": request["dtype"]}} if request["dtype"] else {}
    model = SentenceTransformer(request["folder"], device="cpu", local_files_only=True, **options)
    rows = {}
    for number, encoding in enumerate(request["encodings"], start=1):
        print(f"sentence-transformers: {number} of {len(request['encodings'])}", file=sys.stderr, flush=True)
        key, batch_size = encoding.pop("key"), 1 if encoding.pop("one_by_one") else 32
        found = model.encode(encoding.pop("texts"), batch_size=batch_size, show_progress_bar=False, **encoding)
        rows[key] = np.asarray(found, dtype=np.float32)
    np.savez(sys.argv[2], **rows)
    versions = {
        "sentence-transformers": sentence_transformers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "loaded as": str(next(model.parameters()).dtype),
    }
    print(json.dumps(versions))


if __name__ == "__main__":
    main()
