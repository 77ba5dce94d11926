"""Giving memory back to the system."""

import ctypes


def give_back_freed() -> None:
    """Give back what is free between what is in use: glibc keeps it, and large arrays would come on top of it.

    Of a million mentions it is a quarter of a gigabyte, which their texts took. Does nothing where the C library is
    another one.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
