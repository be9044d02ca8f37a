"""The one refusal. Written from docs/picture.md, picture-context-coder.md and picture-natural.md alone."""


class Malformed(Exception):
    """A message breaks a rule of the specification."""
