"""Marks from the gradebook, in the form that a learning platform reads.

- :mod:`~volens.grader.exporting.marks`: what the gradebook says
- :mod:`~volens.grader.exporting.cells`: CSV files, changed cell by cell
- :mod:`~volens.grader.exporting.comments`: what students are told, in plain words
- :mod:`~volens.grader.exporting.forms`: Moodle's, Canvas's and a plain form
"""

from volens.grader.exporting.forms import Exported, Settings, export

__all__ = ["Exported", "Settings", "export"]
