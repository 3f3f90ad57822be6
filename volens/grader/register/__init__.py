"""The one writer to the gradebook of a course, which stays nbgrader's own.

Whatever is read or written here is in nbgrader's tables, as ``nbgrader autograde`` would
have left it: its commands and its formgrader can be used before, after and meanwhile.
SQLite and PostgreSQL are both meant.
"""

from volens.grader.register.connecting import PAUSES
from volens.grader.register.entering import Penalty
from volens.grader.register.penalties import late_penalties
from volens.grader.register.writing import Register

__all__ = ["PAUSES", "Penalty", "Register", "late_penalties"]
