"""What can go wrong while answering, below `index.errors.SanadError`.

SanadError
├── InputError
│   ├── QuestionError       the question is empty, or too long to be one
│   ├── AnchorError         what was given as an anchor is none, or leads nowhere
│   └── StyleError          a citation style is unknown or cannot be used
└── GeneratorError          a language model gives no answer that can be used
"""

from index.errors import InputError, SanadError


class QuestionError(InputError):
    """The question is empty, or too long to be one."""


class AnchorError(InputError):
    """What was given as an anchor is none, or leads nowhere."""


class StyleError(InputError):
    """A citation style is unknown or cannot be used."""


class GeneratorError(SanadError):
    """A language model gives no answer that can be used; says why in one line."""
