"""Which version of Sanad this is."""

from importlib import metadata


def version() -> str:
    """The installed version; "0" in a checkout that is not installed."""
    try:
        return metadata.version("sanad")
    except metadata.PackageNotFoundError:
        return "0"
