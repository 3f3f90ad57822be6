"""How the form of a submitted notebook is mended, step by step.

Student notebooks come back damaged: a cell was deleted, copied, split, retyped or lost its
label. None of that is a wrong answer. Each step takes the cells of a notebook and returns
them with what it found:

- :mod:`~volens.grader.mending.plain`, :mod:`~volens.grader.mending.cells`: whatever stands
  in the file becomes a valid cell
- :mod:`~volens.grader.mending.pieces`: which cell is which
- :mod:`~volens.grader.mending.parting`: answers merged into what was given out
- :mod:`~volens.grader.mending.finding`: cells that lost their label
- :mod:`~volens.grader.mending.copies`: cells that are there more than once
- :mod:`~volens.grader.mending.places`: cells that are missing, or stand in the wrong order
- :mod:`~volens.grader.mending.joining`: answers that go on in the next cell
- :mod:`~volens.grader.mending.settings`: type, text and settings as they were given out
"""

__all__: list[str] = []
