"""The house: what is public, and which room may use which."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import volens

PACKAGE = Path(volens.__file__).parent

#: Each room's floor, lowest first; a room uses only rooms on its own floor or below.
FLOORS = {
    "errors": 0,
    "logic": 0,
    "cases": 1,
    "doctrine": 1,
    "codebook": 1,
    "entries": 1,
    "evidence": 1,
    "positions": 1,
    "references": 1,
    "saved": 1,
    "accounts": 2,
    "briefs": 2,
    "manuscripts": 2,
    "adapting": 2,
    "audit": 2,
    "chronology": 2,
    "coding": 2,
    "examining": 2,
    "practice": 2,
    "reasoning": 2,
    "weighing": 2,
    "agreement": 3,
    "opinions": 3,
    "views": 3,
    "pages": 0,
    "wording": 0,
    "encoding": 3,
    "likeness": 3,
    "answering": 3,
    "checks": 3,
    "kinds": 3,
    "reading": 3,
    "citations": 3,
    "tables": 3,
    "plots": 3,
    "handin": 4,
    "widgets": 4,
    "grading": 5,
    "grader": 5,
    "cli": 6,
}
STANDARD_LIBRARY_ONLY = 2

MODULES = sorted(module.name for module in pkgutil.walk_packages(volens.__path__, prefix="volens."))


def imported(module: str) -> set[str]:
    """What a module imports, wherever in the file."""
    path = PACKAGE.parent / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "volens":
                found |= {f"volens.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize("module", MODULES)
def test_every_room_has_a_floor(module: str) -> None:
    assert room(module) in FLOORS


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_point_down(module: str) -> None:
    upwards = [
        used
        for used in imported(module)
        if used.startswith("volens.") and FLOORS[room(used)] > FLOORS[room(module)]
    ]
    assert upwards == []


@pytest.mark.parametrize(
    "module", [name for name in MODULES if FLOORS[room(name)] <= STANDARD_LIBRARY_ONLY]
)
def test_the_lower_floors_import_the_standard_library_only(module: str) -> None:
    foreign = {
        used.split(".")[0]
        for used in imported(module)
        if used.split(".")[0] not in {*sys.stdlib_module_names, "volens"}
    }
    assert foreign == set()


@pytest.mark.parametrize("module", ["volens", *MODULES])
def test_all_is_sorted_complete_and_true(module: str) -> None:
    loaded = importlib.import_module(module)
    if not hasattr(loaded, "__all__"):
        pytest.fail(f"{module} does not say what is public") if public_names(loaded) else None
        return
    assert loaded.__all__ == sorted(loaded.__all__, key=constants_classes_functions)
    assert [name for name in loaded.__all__ if not hasattr(loaded, name)] == []
    assert public_names(loaded) <= set(loaded.__all__)


def constants_classes_functions(name: str) -> tuple[int, str]:
    """The order that ruff's own check of `__all__` asks for."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def public_names(module: object) -> set[str]:
    """Functions and classes that the module itself defines, without an underscore."""
    return {
        name
        for name, found in vars(module).items()
        if not name.startswith("_")
        and getattr(found, "__module__", None) == module.__name__  # type: ignore[attr-defined]
        and callable(found)
    }


def test_importing_volens_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "matplotlib", "IPython", "ipywidgets", "nbgrader", "click")
    program = f"import sys, volens; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_evidence_is_read_without_anything_heavy() -> None:
    program = (
        "import sys; from volens import audit; audit.faults();"
        "print([m for m in ('pandas', 'numpy') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_every_public_name_is_listed_by_dir() -> None:
    assert dir(volens) == sorted(volens.__all__)


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(AttributeError, match=r"`volens` has no `claim`\. It has: .*claims"):
        _ = volens.claim  # type: ignore[attr-defined]


def test_functions_are_not_hidden_by_modules_of_the_same_name() -> None:
    for name in volens.__all__:
        importlib.import_module("volens.answering")
        importlib.import_module("volens.reading")
        getattr(volens, name)
    assert callable(volens.answers)
    assert callable(volens.cards)
