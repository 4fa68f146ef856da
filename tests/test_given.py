import json
from pathlib import Path

from index.given import Given, LeftOut, read
from index.readers import READERS
from index.reasons import because
from tests.conftest import sanad


def test_an_index_knows_the_paths_of_its_last_build_and_what_it_left_out(tmp_path: Path) -> None:
    archive, index = tmp_path / "archive", tmp_path / "index"
    (archive / "old").mkdir(parents=True)
    (archive / "a.txt").write_text("The forum met in Kazan.")
    (archive / "old" / "b.pdf").write_bytes(b"%PDF-1.4")
    done = sanad("index", archive, "--index", index, "--json")
    told = json.loads(done.stdout)
    reason = because("kind", suffix=".pdf", known=", ".join(filter(None, READERS)))
    assert read(index) == Given((archive,), (LeftOut("old/b.pdf", reason),), "auto")
    assert told["skipped"] == [{"doc_id": "old/b.pdf", "reason": str(reason)}]
    assert (told["added"], told["n_documents"]) == (["a.txt"], 1)

    (archive / "old" / "b.pdf").unlink()
    assert json.loads(sanad("index", archive, "--index", index, "--json").stdout)["added"] == []
    assert read(index) == Given((archive,), (), "auto")


def test_a_reason_as_an_older_version_wrote_it_is_told_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text('{"paths": [], "left_out": [["b.pdf", "it is {odd}"]]}')
    (left_out,) = read(tmp_path).left_out
    assert str(left_out.reason) == "it is {odd}"


def test_nothing_is_known_of_an_index_of_before(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text('{"paths": 1}')
    assert read(tmp_path) == read(tmp_path / "none") == Given()
