"""What can go wrong while answering, below `index.errors.SanadError`.

SanadError
└── InputError
    └── QuestionError       the question is empty, or too long to be one
"""

from index.errors import InputError


class QuestionError(InputError):
    """The question is empty, or too long to be one."""
