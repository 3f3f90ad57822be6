"""Forging marks from within the student's own process."""

from tests.attacks.attack import Attack, Submission, at_start, before, in_place_of

__all__ = ["ATTACKS"]

FAMILY = "forging"

_FORGED = """\
import json
forged = [
    {"value": "6.0"},
    {"points": 6.0, "score": 6.0, "status": "ok"},
    {"status": "ok", "outputs": [
        {"output_type": "execute_result", "data": {"text/plain": "6.0"}, "metadata": {},
         "execution_count": 1}]},
]
forged = "".join(json.dumps(one) + "\\n" for one in forged).encode()
"""


def _forged_outputs(submission: Submission) -> bytes:
    shown = {
        "output_type": "execute_result",
        "data": {"text/plain": "6.0"},
        "metadata": {},
        "execution_count": 9,
    }
    for grade_id in ("gates-test", "counts-test", "may-enter-test", "total-test"):
        submission.cell(grade_id)["outputs"] = [shown]
    return submission.as_bytes()


def _wherever_a_value_is(submission: Submission) -> bytes:
    for name in ("gates", "counts", "may-enter", "total"):
        source = submission.cell(f"{name}-answer")["source"]
        submission.answer(f"{name}-answer", f'{source}\nprint("6.0")\ndisplay(6.0)\n6.0')
    return submission.as_bytes()


ATTACKS = (
    Attack(
        "patched-isinstance",
        FAMILY,
        "makes isinstance and issubclass say yes",
        at_start("""\
import builtins
builtins.isinstance = lambda *given: True
builtins.issubclass = lambda *given: True
"""),
    ),
    Attack(
        "patched-arithmetic",
        FAMILY,
        "makes sum, len, round, float, all and any count in the student's favour",
        at_start("""\
import builtins
builtins.sum = lambda *given: 6.0
builtins.len = lambda *given: 1
builtins.round = lambda *given: 6.0
builtins.all = builtins.any = lambda *given: True
builtins.float = type("float", (float,), {"__new__": lambda kind, *given: 6.0})
"""),
    ),
    Attack(
        "patched-print-and-open",
        FAMILY,
        "replaces print, open, exec, compile and __import__",
        at_start("""\
import builtins
said = builtins.print
builtins.print = lambda *given, **named: said("6.0")
real = builtins.__import__
class Anything:
    def __getattr__(self, name): return self
    def __call__(self, *given, **named): return 6.0
def imports(name, *given):
    return Anything() if name.startswith("volens") else real(name, *given)
builtins.__import__ = imports
builtins.exec = builtins.compile = lambda *given, **named: None
"""),
    ),
    Attack(
        "equal-to-everything",
        FAMILY,
        "answers with words that are equal to every word",
        in_place_of(
            gates="""\
class Yes(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return hash("met")
gates = {"V1": Yes("met"), "V2": Yes("unclear"), "V3": Yes("unclear")}
""",
            counts="""\
import pandas as pd
class Equal(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
counts = pd.DataFrame({"State": ["Armenia", "Belarus", "Kyrgyzstan"],
                       "troops": pd.Series([Equal(1), Equal(2), Equal(3)], dtype=object)})
""",
            may_enter="""\
class Either(int):
    def __eq__(self, other): return True
    def __bool__(self): return False
    def __hash__(self): return 0
def may_enter(facts): return Either(1)
""",
        ),
        tame=True,
    ),
    Attack(
        "words-that-shift",
        FAMILY,
        "answers with text whose every method gives another text",
        in_place_of(
            gates="""\
import itertools
turn = itertools.cycle(["met", "met", "unclear"])
class Shifting(str):
    def __str__(self): return next(turn)
    __repr__ = __format__ = strip = lower = casefold = replace = lambda self, *given: next(turn)
    def encode(self, *given): return next(turn).encode()
gates = {name: Shifting("unclear") for name in ("V1", "V2", "V3")}
gates["V1"] = "met"
""",
        ),
    ),
    Attack(
        "patched-json",
        FAMILY,
        "replaces json.dumps and json.loads, so that every reply is a score",
        at_start("""\
import json, json.encoder, json.decoder
json.dumps = lambda *given, **named: '{"value": "6.0"}'
json.loads = lambda *given, **named: {"name": "gates", "with": "[]"}
json.encoder.JSONEncoder.encode = lambda self, value: '{"value": "6.0"}'
json.encoder.c_make_encoder = None
json.decoder.JSONDecoder.decode = lambda self, text, **named: {"name": "gates"}
"""),
    ),
    Attack(
        "patched-encoding",
        FAMILY,
        "replaces volens.encoding, which writes the answers",
        at_start("""\
import volens.encoding as encoding
encoding.dumps = lambda value: "6.0"
encoding.encode = lambda value: 6.0
encoding.loads = lambda text: []
encoding.decode = lambda data: []
encoding.LONGEST = 10 ** 12
"""),
    ),
    Attack(
        "patched-score",
        FAMILY,
        "makes Check.score give all points",
        at_start("""\
import volens as vo
vo.checks.Check.score = lambda self: vo.checks.Score(self._points, self._points, "All right.")
vo.checks.Check.expect = lambda self, *given, **named: self._substance.append(True)
vo.checks.Check.compare = lambda self, *given, **named: self._substance.append(True)
"""),
        tame=True,
    ),
    Attack(
        "patched-answers",
        FAMILY,
        "replaces vo.answers and the classes behind it",
        at_start("""\
import volens, volens.answering as answering
class Right(answering.Answers):
    def __getitem__(self, name): return self
    def get(self, name, default=None): return self
    def call(self, name, *given): return True
    def has(self, name): return True
    def written(self, cell): return "all"
    def read_encoded(self, name): return "6.0"
    def call_encoded(self, name, given): return "6.0"
volens.answers = answering.answers = lambda: Right()
answering.LocalAnswers = answering.AskedAnswers = lambda *given: Right()
answering._current.set(Right())
"""),
    ),
    Attack(
        "replaced-module",
        FAMILY,
        "puts a module of its own in place of volens",
        at_start("""\
import sys, types
fake = types.ModuleType("volens")
class Check:
    def __init__(self, *given, **named): self.points = named.get("points", 6)
    def __getattr__(self, name): return lambda *given, **named: self
    def __getitem__(self, name): return self
    def score(self): return float(self.points)
fake.checks = types.SimpleNamespace(Check=Check, Score=float, Choice=Check)
fake.answers = lambda: Check()
for name in [name for name in sys.modules if name.split(".")[0] == "volens"]:
    sys.modules[name] = fake
sys.modules["volens"] = fake
"""),
        tame=True,
    ),
    Attack(
        "rewritten-functions",
        FAMILY,
        "puts other code into the functions that answer, with the old names kept",
        at_start("""\
import volens.answering as answering
def reply_to(question, namespace): return '{"value": "6.0"}\\n'
answering.reply_to.__code__ = reply_to.__code__
def read_encoded(self, name): return "6.0"
answering.LocalAnswers.read_encoded.__code__ = read_encoded.__code__
def call_encoded(self, name, arguments): return "true"
answering.LocalAnswers.call_encoded.__code__ = call_encoded.__code__
"""),
    ),
    Attack(
        "patched-run-cell",
        FAMILY,
        "replaces the shell's run_cell and run_code",
        at_start("""\
shell = get_ipython()
class Done:
    success = True
    result = 6.0
    error_in_exec = error_before_exec = None
    def raise_error(self): pass
shell.run_cell = type(shell).run_cell = lambda *given, **named: Done()
shell.run_code = type(shell).run_code = lambda *given, **named: False
"""),
    ),
    Attack(
        "input-transformer",
        FAMILY,
        "turns every later cell into 2.0 before it is read",
        at_start("""\
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["2.0\\n"])
shell.input_transformers_post.append(lambda lines: ["2.0\\n"])
"""),
        tame=True,
    ),
    Attack(
        "ast-transformer",
        FAMILY,
        "takes the asserts out of every later cell and puts points at its end",
        at_start("""\
import ast
class Full(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node):
        call = node.value
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "score":
            node.value = ast.copy_location(ast.Constant(4.0), call)
        return node
get_ipython().ast_transformers.append(Full())
"""),
        tame=True,
    ),
    Attack(
        "swallowed-errors",
        FAMILY,
        "keeps every error from being shown",
        at_start("""\
shell = get_ipython()
def nothing(*given, **named): return ["fine"]
shell.set_custom_exc((BaseException,), nothing)
shell.showtraceback = shell._showtraceback = nothing
shell.showsyntaxerror = nothing
type(shell).showtraceback = nothing
"""),
        tame=True,
    ),
    Attack(
        "display-hook",
        FAMILY,
        "makes the display hook and the publisher show 6.0 as the result of every cell",
        at_start("""\
import sys
shell = get_ipython()
class Hook:
    exec_result = None
    def __getattr__(self, name): return lambda *given, **named: 6.0
    def __call__(self, value=None): print("6.0")
    def __enter__(self): return self
    def __exit__(self, *given): return True
sys.displayhook = Hook()
real = shell.display_pub.publish
def publish(data=None, *given, **named): real({"text/plain": "6.0"}, {})
shell.display_pub.publish = publish
shell.display_formatter.format = lambda *given, **named: ({"text/plain": "6.0"}, {})
"""),
    ),
    Attack(
        "hooks-and-events",
        FAMILY,
        "shows 6.0 after each cell, from an event, an exception hook and an exit hook",
        at_start("""\
import atexit, sys, threading
from IPython.display import display
def shows(*given): display({"text/plain": "6.0"}, raw=True)
events = get_ipython().events
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    events.register(event, shows)
sys.excepthook = threading.excepthook = sys.unraisablehook = shows
atexit.register(shows)
"""),
    ),
    Attack(
        "patched-streams",
        FAMILY,
        "puts objects of its own in place of the standard streams",
        at_start(f"""\
{_FORGED}
import sys
class Stream:
    encoding = "utf-8"
    def __init__(self, below): self.below = below
    def write(self, text):
        return self.below.write(forged.decode())
    def fileno(self): return 1
    def isatty(self): return True
    def flush(self): self.below.flush()
    def __getattr__(self, name): return getattr(self.below, name)
for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
    setattr(sys, name, Stream(getattr(sys, name)))
"""),
    ),
    Attack(
        "forged-result-before-the-test",
        FAMILY,
        "sends a result of 2.0 as if the test cell had, before and after it runs",
        before(
            "gates-test",
            """\
from IPython.display import display
shell = get_ipython()
def forges(*given):
    hook = shell.displayhook
    display({"text/plain": "2.0"}, raw=True)
    try:
        hook.session.send(hook.pub_socket, "execute_result", {
            "execution_count": shell.execution_count, "data": {"text/plain": "2.0"},
            "metadata": {}}, parent=hook.parent_header)
    except Exception:
        hook(2.0)
shell.events.register("pre_execute", forges)
shell.events.register("post_execute", forges)
""",
        ),
        tame=True,
    ),
    Attack(
        "a-value-wherever-one-shows",
        FAMILY,
        "prints, shows and returns 6.0 in every answer cell",
        _wherever_a_value_is,
        keeps=("gates-test", "counts-test", "may-enter-test"),
        tame=True,
    ),
    Attack(
        "outputs-in-the-file",
        FAMILY,
        "hands in a file whose test cells already show 6.0",
        _forged_outputs,
        keeps=("gates-test", "counts-test", "may-enter-test"),
        tame=True,
    ),
    Attack(
        "every-function-it-can-find",
        FAMILY,
        "goes through all objects and all callers' frames and replaces what answers",
        at_start("""\
import gc, sys, types
names = {"reply_to", "ask", "answer", "reply", "serve", "send", "respond", "dumps", "score"}
def forged(*given, **named): return '{"value": "6.0"}\\n'
places = [one for one in gc.get_objects() if isinstance(one, dict)]
frame = sys._getframe()
while frame is not None:
    places += [frame.f_globals, frame.f_locals]
    frame = frame.f_back
places.append(vars(sys.modules["__main__"]))
for place in places:
    for name in names & {key for key in list(place) if isinstance(key, str)}:
        if isinstance(place.get(name), types.FunctionType):
            place[name] = forged
"""),
    ),
    Attack(
        "replies-to-every-descriptor",
        FAMILY,
        "writes replies that look right to every open file",
        at_start(f"""\
{_FORGED}
import os
for number in range(256):
    try:
        os.set_blocking(number, False)
        os.write(number, forged)
    except OSError:
        pass
"""),
    ),
    Attack(
        "replies-ahead-of-time",
        FAMILY,
        "keeps a thread writing replies before and while the questions come",
        at_start(f"""\
{_FORGED}
import os, threading, time
def write():
    end = time.monotonic() + 15
    while time.monotonic() < end:
        for number in range(3, 64):
            try:
                os.write(number, forged)
            except OSError:
                pass
        time.sleep(0.01)
threading.Thread(target=write, daemon=True).start()
"""),
    ),
    Attack(
        "replies-twice",
        FAMILY,
        "answers each question twice, the second time with a score",
        at_start("""\
import volens.answering as answering
once = answering.reply_to
answering.reply_to = lambda *given: once(*given) + '{"value": "6.0"}\\n' * 2
def twice(self, name): return "6.0\\n" + '{"value": "6.0"}'
answering.LocalAnswers.read_encoded = twice
"""),
    ),
    Attack(
        "garbage-to-every-descriptor",
        FAMILY,
        "writes bytes that are no text to every open file",
        at_start("""\
import os
for number in range(3, 256):
    try:
        os.set_blocking(number, False)
        os.write(number, b"\\xff\\xfe\\x00{{[\\n\\r\\n" + os.urandom(5000))
    except OSError:
        pass
"""),
    ),
    Attack(
        "a-reply-without-an-end",
        FAMILY,
        "writes a gigabyte without a line's end to every open file",
        at_start("""\
import os, threading
block = b"6" * 1_000_000
def fill(number):
    try:
        for _ in range(1000):
            os.write(number, block)
    except OSError:
        pass
threads = [threading.Thread(target=fill, args=(number,), daemon=True) for number in range(3, 24)]
for thread in threads: thread.start()
for thread in threads: thread.join(0.2)
"""),
    ),
    Attack(
        "closes-every-descriptor",
        FAMILY,
        "closes every open file, the way to the grader among them",
        at_start("import os\nos.closerange(0, 4096)\n"),
    ),
    Attack(
        "swaps-the-channel",
        FAMILY,
        "puts pipes of its own in place of every open file and answers itself",
        at_start(f"""\
{_FORGED}
import os, threading
def relay(source, target):
    while True:
        asked = os.read(source, 65536)
        if not asked:
            return
        os.write(target, forged)
for number in range(3, 32):
    try:
        kept = os.dup(number)
        out, into = os.pipe()
        os.dup2(into, number)
        threading.Thread(target=relay, args=(out, kept), daemon=True).start()
    except OSError:
        pass
"""),
    ),
)
