"""Every example in a docstring runs."""

import doctest
import importlib
import pkgutil

import pytest

import volens

MODULES = sorted(module.name for module in pkgutil.walk_packages(volens.__path__, "volens."))


@pytest.mark.parametrize("module", MODULES)
def test_examples_run_as_written(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0
