"""Widgets: one module each, thin over tested functions, each with a static twin."""
