"""Marking a class: rubrics, specimens, and one round with nbgrader."""
