"""Answers that lie about what they are, and functions that do something else."""

from tests.attacks.attack import Attack, at_start, in_place_of

__all__ = ["ATTACKS"]

FAMILY = "lying"

_REPLIES = """\
import volens.encoding as encoding, volens.answering as answering
replies = [
    '{"$kind": "value", "of": "__class__"}',
    '{"$kind": "table", "of": {"columns": ["State", "troops"], "index": [0], "rows": [[1]]}}',
    '{"$kind": "table", "of": {"columns": 5, "index": null, "rows": "text"}}',
    '{"$kind": "set", "of": [[1], {"a": 1}]}',
    '{"$kind": "dictionary", "of": [[[1], 2]]}',
    '{"$kind": "datetime", "of": 5}',
    '{"$kind": ["list"], "of": 5}',
    '{"$kind": "float", "of": "nan"}',
    '{"$kind": "tuple", "of": 7}',
    "[" * 100_000 + "]" * 100_000,
    "9" * 100_000,
    "1e999999",
    "NaN",
    '"' + "\\\\ud800" + '"',
    '{"V1": ' * 5000 + "1" + "}" * 5000,
]
turn = iter(replies * 5)
answering.LocalAnswers.read_encoded = lambda self, name: next(turn)
answering.LocalAnswers.call_encoded = lambda self, name, given: next(turn)
"""


ATTACKS = (
    Attack(
        "dictionary-that-lies",
        FAMILY,
        "answers with a dictionary whose methods tell something else",
        in_place_of(
            gates="""\
class Liar(dict):
    def items(self): return [("V1", "met"), ("V2", "met"), ("V3", "met")]
    def __getitem__(self, name): return "met"
    def get(self, name, default=None): return "met"
    def __contains__(self, name): return True
    def __iter__(self): raise SystemExit
    def __len__(self): return -1
    def keys(self): return self
gates = Liar(V1="met", V2="unclear", V3="unclear")
"""
        ),
    ),
    Attack(
        "table-that-lies",
        FAMILY,
        "answers with a table of a class of its own, which shows other cells each time",
        in_place_of(
            counts="""\
import pandas as pd
class Liar(pd.DataFrame):
    turn = 0
    @property
    def _constructor(self): return Liar
    @property
    def columns(self): return self
    def tolist(self): return ["State", "troops"]
    def to_numpy(self, *given, **named): return self
    def __getattr__(self, name): return lambda *given, **named: self
    def __iter__(self):
        while True: yield "Armenia"
counts = Liar({"State": ["Armenia"], "troops": [1]})
"""
        ),
    ),
    Attack(
        "odd-numbers",
        FAMILY,
        "answers with NaN, infinities, huge numbers and numbers that are none",
        in_place_of(
            gates="""\
gates = {"V1": "met", "V2": float("nan"), "V3": 10 ** 5000, float("inf"): -0.0, 10 ** 400: 1}
""",
            counts="""\
import numpy as np, pandas as pd
counts = pd.DataFrame({"State": ["Armenia", None, np.nan, pd.NaT],
                       "troops": [np.nan, np.inf, np.float32(1), 1 + 2j]})
""",
            may_enter="""\
turns = [float("nan"), 10 ** 100_000, complex("nan+infj"), True]
def may_enter(facts): return turns.pop() if turns else True
""",
        ),
    ),
    Attack(
        "answer-that-holds-itself",
        FAMILY,
        "answers with lists and dictionaries that hold themselves",
        in_place_of(
            gates="gates = {}\ngates['V1'] = gates\ngates['V2'] = [gates, gates]",
            counts="counts = []\ncounts.append((counts, {1: counts}))",
            may_enter="""\
deep = []
for _ in range(100_000):
    deep = [deep]
def may_enter(facts): return deep
""",
        ),
    ),
    Attack(
        "a-million-keys",
        FAMILY,
        "answers with a dictionary of a million keys, and one of keys with the same hash",
        in_place_of(
            gates="""\
modulus = (1 << 61) - 1
gates = {number * modulus: "met" for number in range(20_000)}
""",
            counts='counts = {f"State {number}": number for number in range(1_000_000)}',
            may_enter="""\
def may_enter(facts):
    return {str(number): None for number in range(60_000)}
""",
        ),
    ),
    Attack(
        "generators-and-views",
        FAMILY,
        "answers with generators, endless iterators, modules, classes and files",
        in_place_of(
            gates='import itertools\ngates = ((name, "met") for name in itertools.count())',
            counts="import itertools, sys\ncounts = itertools.repeat('Armenia')",
            may_enter="def may_enter(facts):\n    while True:\n        yield True\n",
        ),
    ),
    Attack(
        "type-that-lies",
        FAMILY,
        "answers with objects that claim to be dictionaries and truth values",
        in_place_of(
            gates="""\
class Claims:
    __class__ = dict
    def items(self): return [("V1", "met")]
    def __getattr__(self, name): return lambda *given: "met"
gates = Claims()
""",
            may_enter="""\
class Claims:
    __class__ = bool
    def __bool__(self): return False
    def __eq__(self, other): return True
    def __hash__(self): return 0
def may_enter(facts): return Claims()
""",
        ),
    ),
    Attack(
        "property-that-never-returns",
        FAMILY,
        "answers with an object that never tells its type",
        in_place_of(
            gates="""\
class Endless:
    @property
    def __class__(self):
        while True: pass
gates = {"V1": "met", "V2": Endless()}
"""
        ),
        keeps=("counts-test", "may-enter-test"),
    ),
    Attack(
        "function-that-changes-its-mind",
        FAMILY,
        "answers each call with something else, by the questions asked before",
        in_place_of(
            may_enter="""\
asked = []
def may_enter(facts):
    asked.append(dict(facts))
    return len(asked) % 2 == 1 or {"asked": True}
"""
        ),
    ),
    Attack(
        "function-that-prints-scores",
        FAMILY,
        "prints and shows scores while a test calls it",
        in_place_of(
            may_enter="""\
import os, sys
from IPython.display import display
def may_enter(facts):
    print("6.0")
    print('{"value": "6.0"}')
    print("6.0", file=sys.stderr)
    display({"text/plain": "6.0"}, raw=True)
    os.write(1, b'{"value": "6.0"}\\n')
    sys.stdout.flush()
    return True
"""
        ),
        keeps=("gates-test", "counts-test", "may-enter-test"),
    ),
    Attack(
        "function-that-keeps-its-arguments",
        FAMILY,
        "keeps the arguments of hidden tests and prints them in a later cell",
        in_place_of(
            may_enter="""\
kept = []
def may_enter(facts):
    kept.append(dict(facts))
    return True
""",
            total="total = 41\nprint(kept)\nimport volens as vo",
        ),
        keeps=("gates-test", "counts-test", "may-enter-test"),
    ),
    Attack(
        "errors-that-lie",
        FAMILY,
        "raises errors with the names of the grader's own, or without a readable message",
        in_place_of(
            may_enter="""\
import volens.errors as errors
class Silent(Exception):
    def __str__(self):
        while True: pass
def named(name): return type(name, (Exception,), {})
turns = [named("MissingAnswerError")("6.0"), named("UnreadableAnswerError")("6.0"),
         named("<b>\\x00\\n{\\"value\\"}")("x" * 10 ** 6), Silent()]
def may_enter(facts):
    raise turns[facts["asked"] + 2 * facts["free"]]
"""
        ),
        keeps=("gates-test", "counts-test"),
    ),
    Attack(
        "replies-that-cannot-be-rebuilt",
        FAMILY,
        "sends text that looks like an answer and is none: odd kinds, depths, numbers, letters",
        at_start(_REPLIES),
    ),
    Attack(
        "keys-with-the-same-hash",
        FAMILY,
        "sends short text whose keys have the same hash where they are rebuilt",
        at_start("""\
import json, volens.answering as answering
modulus = (1 << 61) - 1
pairs = json.dumps([[number * modulus, 1] for number in range(35_000)])
keys = json.dumps([number * modulus for number in range(40_000)])
replies = ['{"$kind": "dictionary", "of": %s}' % pairs, '{"$kind": "set", "of": %s}' % keys]
answering.LocalAnswers.read_encoded = lambda self, name: replies[0]
answering.LocalAnswers.call_encoded = lambda self, name, given: replies[1]
"""),
    ),
    Attack(
        "tables-that-grow",
        FAMILY,
        "sends short text that becomes a huge table where it is rebuilt",
        at_start("""\
import json, volens.answering as answering
names = json.dumps([0] * 300_000)
text = '{"$kind": "table", "of": {"columns": %s, "index": [0], "rows": [%s]}}' % (names, names)
many = '{"$kind": "table", "of": {"columns": %s, "index": %s, "rows": []}}' % (names, names)
one = '{"$kind":"table","of":{"columns":[],"index":[],"rows":[]}}'
frames = "[" + ",".join([one] * 14_000) + "]"
turn = iter([text, many, frames] * 9)
answering.LocalAnswers.read_encoded = lambda self, name: next(turn)
answering.LocalAnswers.call_encoded = lambda self, name, given: next(turn)
"""),
    ),
)
