from assistant.reference_table import reference_table
from tests.conftest import ROOT, SEEDS


def test_the_references_in_the_docs_are_those_of_the_seeds() -> None:
    assert (ROOT / "docs" / "references.md").read_text("utf-8") == reference_table(SEEDS)
