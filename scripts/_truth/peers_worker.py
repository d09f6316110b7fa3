"""Runs in the environment that has crowd-kit: a line of JSON with answers in, a line with labels out.

A request is {"answers": [[task, worker, label], ...], "methods": ["majority", "dawid_skene"]}; the answer has
a list of labels by task number for each method.
"""

import json
import sys

import pandas as pd  # type: ignore[import-untyped]
from crowdkit.aggregation import DawidSkene, MajorityVote

ITERATIONS = 50  # also PEER_ITERATIONS in outcome.py, which this environment cannot import
# The method's own stop, at a likelihood that rises too little, ends it after two steps on some sets.
METHODS = {
    "majority": MajorityVote,
    "dawid_skene": lambda: DawidSkene(n_iter=ITERATIONS, tol=float("-inf")),
}


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answers = pd.DataFrame(request["answers"], columns=["task", "worker", "label"])
        found = {}
        for method in request["methods"]:
            labels = METHODS[method]().fit_predict(answers).sort_index()
            found[method] = [int(label) for label in labels]
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
