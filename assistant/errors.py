"""What can go wrong while answering, below `index.errors.SanadError`.

SanadError
├── InputError
│   └── QuestionError       the question is empty, or too long to be one
└── GeneratorError          a language model gives no answer that can be used
"""

from index.errors import InputError, SanadError


class QuestionError(InputError):
    """The question is empty, or too long to be one."""


class GeneratorError(SanadError):
    """A language model gives no answer that can be used; says why in one line."""
