"""How many threads a process computes with."""

from threadpoolctl import threadpool_limits


def one_for_linear_algebra() -> None:
    """Products of small matrices, which is all that a question needs, gain nothing from a second
    thread, and on two cores the threads that wait for the next product take the time of others: an
    answer over 100,000 passages takes a tenth longer. Whoever starts the process decides."""
    threadpool_limits(limits=1, user_api="blas")
