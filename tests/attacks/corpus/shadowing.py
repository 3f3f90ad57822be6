"""Modules and start-up files of the student's own in place of real ones."""

from collections.abc import Mapping

from tests.attacks.attack import NOTEBOOK, Attack, Build, Files, Submission, at_start

__all__ = ["ATTACKS"]

FAMILY = "shadowing"

_POISON = """\
import builtins
builtins.sum = builtins.round = lambda *given: 6.0
print("6.0")
class Anything:
    def __getattr__(self, name): return self
    def __call__(self, *given, **named): return 6.0
def __getattr__(name):
    return Anything()
"""


def _with_files(contents: Mapping[str, str]) -> Build:
    """Hand in files beside the notebook."""

    def build(submission: Submission) -> Files:
        files: Files = {NOTEBOOK: submission.as_bytes()}
        for path, content in contents.items():
            files[path] = submission.places.fill(content).encode()
        return files

    return build


def _place(submission: Submission) -> int:
    cells = submission.notebook["cells"]
    return next(place for place, cell in enumerate(cells) if cell["id"] == "import-volens")


def _written_before_the_import(submission: Submission) -> bytes:
    code = "import importlib, sys\nfor name in list(sys.modules):\n"
    code += "    if name.split('.')[0] == 'volens':\n        del sys.modules[name]\n"
    submission.insert(_place(submission), code)
    for name in ("volens", "pandas", "json"):
        submission.insert(_place(submission), f"%%writefile {name}.py\n{_POISON}")
    return submission.as_bytes()


ATTACKS = (
    Attack(
        "modules-beside-the-notebook",
        FAMILY,
        "hands in volens.py, numpy.py, json.py and pandas.py beside its notebook",
        _with_files({f"{name}.py": _POISON for name in ("volens", "numpy", "json", "pandas")}),
    ),
    Attack(
        "packages-beside-the-notebook",
        FAMILY,
        "hands in folders that look like packages, compiled files among them",
        _with_files(
            {
                "volens/__init__.py": _POISON,
                "volens/checks.py": _POISON,
                "IPython/__init__.py": _POISON,
                "encodings/__init__.py": _POISON,
                "__pycache__/volens.cpython-311.pyc": _POISON,
            }
        ),
    ),
    Attack(
        "written-by-magic",
        FAMILY,
        "writes modules with %%writefile and imports everything anew",
        _written_before_the_import,
    ),
    Attack(
        "site-customisation",
        FAMILY,
        "hands in sitecustomize.py, usercustomize.py, conftest.py and a path file",
        _with_files(
            {
                "sitecustomize.py": 'print("@baton@")',
                "usercustomize.py": 'print("@baton@")',
                "conftest.py": 'raise SystemExit("@baton@")',
                "own.pth": 'import os; print("@baton@")',
                "setup.cfg": "[tool:pytest]\naddopts = --version\n",
                "nbgrader_config.py": 'c = get_config()\nprint("@baton@")',
                "ipython_config.py": 'c = get_config()\nprint("@baton@")',
                "jupyter_config.py": 'c = get_config()\nprint("@baton@")',
            }
        ),
        _with_files({}),
    ),
    Attack(
        "start-up-files",
        FAMILY,
        "writes what the next Python or IPython runs when it starts, and points to it",
        at_start("""\
import os
line = 'print("@baton@")'
for name in ("PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME", "IPYTHONDIR", "LD_PRELOAD", "BASH_ENV"):
    os.environ[name] = "/tmp/baton.py"
for path in ("~/.ipython/profile_default/startup/00-baton.py", "~/.pythonrc.py", "/tmp/baton.py",
             "~/.local/lib/python3.11/site-packages/baton.pth", "~/.bashrc",
             "~/.config/matplotlib/matplotlibrc", "matplotlibrc"):
    try:
        path = os.path.expanduser(path)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w") as file:
            file.write(line)
    except OSError:
        pass
"""),
        _with_files({}),
    ),
    Attack(
        "patched-import",
        FAMILY,
        "puts finders and hooks of its own before those of Python",
        at_start("""\
import builtins, importlib.abc, importlib.machinery, sys
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)
    def exec_module(self, module):
        module.__getattr__ = lambda name: (lambda *given, **named: 6.0)
sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: Finder())
sys.path[:] = ["/tmp"]
for name in list(sys.modules):
    if name.split(".")[0] in ("volens", "json", "pandas"):
        del sys.modules[name]
"""),
    ),
)
