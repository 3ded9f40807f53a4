"""Checks of ModelServer by clients of other projects."""
