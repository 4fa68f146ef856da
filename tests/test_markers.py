import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.markers import Drafted, MarkerReader, read_markers, sentences

PIECES = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            "【",
            "】",
            "［",
            "1",
            "٢",
            "۳",
            "12",
            ", ",
            "-",
            "^",
            "`",
            "```",
            "\n",
            " ",
            "كتب.",
            "A",
        ]
    ),
    max_size=40,
)


def drafted(text: str) -> list[Drafted]:
    return sentences(read_markers(text))


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("[1]", (1,)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[2] [1]", (2, 1)),
        ("[1-3]", (1, 2, 3)),
        ("[^2]", (2,)),
        ("[[2]]", (2,)),
        ("【1】", (1,)),
        ("［1］", (1,)),
        ("[١]", (1,)),
        ("[۱، ۲]", (1, 2)),
        ("[1", (1,)),
        ("[1, ", (1,)),
        ("[2][2]", (2,)),
    ],
)
def test_a_marker_is_read_however_it_is_written(written: str, numbers: tuple[int, ...]) -> None:
    assert drafted(f"It met in Kazan {written}") == [Drafted("It met in Kazan", numbers)]


@pytest.mark.parametrize(
    "text",
    ["`a[1]` is code", "```\nx[1]\n```", "in [2023]", "[see 1]", "[]", "[ , ]", "[1-", "``a`[1]``"],
)
def test_code_years_and_words_in_brackets_stay_text(text: str) -> None:
    assert read_markers(text).text == text
    assert not read_markers(text).markers


def test_inline_code_that_is_never_closed_ends_with_its_line() -> None:
    assert drafted("The ` sign.\nKazan [1]")[1] == Drafted("Kazan", (1,))


@pytest.mark.parametrize(
    "text",
    [
        "One is here [1]. Two is there [2].",
        "One is here. [1] Two is there. [2]",
        "One is here.[1] Two is there.[2]",
        "[1] One is here.\n[2] Two is there.",
        "One is here.\n[1]\nTwo is there.\n[2]",
    ],
)
def test_a_marker_belongs_to_the_sentence_it_stands_by(text: str) -> None:
    assert drafted(text) == [Drafted("One is here.", (1,)), Drafted("Two is there.", (2,))]


def test_a_marker_leaves_no_gap_and_glues_no_words() -> None:
    assert read_markers("في قازان [1]، ثم[2]في موسكو [3].").text == "في قازان، ثم في موسكو."


@given(PIECES)
def test_no_cut_of_a_stream_changes_what_is_read(pieces: list[str]) -> None:
    cut, whole = MarkerReader(), MarkerReader()
    for piece in pieces:
        cut.feed(piece)
    for char in "".join(pieces):
        whole.feed(char)
    assert cut.close() == whole.close() == read_markers("".join(pieces))


@given(st.text(alphabet="ab [1】`\n.", max_size=60))
def test_nothing_but_markers_and_the_space_at_them_is_lost(text: str) -> None:
    marked = read_markers(text)
    kept = [char for char in marked.text if not char.isspace()]
    rest = iter(text)
    assert all(char in rest for char in kept)
    assert marked.markers or kept == [char for char in text if not char.isspace()]
    assert all(0 <= place <= len(marked.text) for place, _ in marked.markers)


@pytest.mark.parametrize("hostile", ["[", "[1, ", "`[", "[[1]", "【1［"])
def test_a_long_hostile_text_is_read_to_its_end(hostile: str) -> None:
    # A scanner that is not linear would not come back from this.
    assert read_markers(hostile * 20_000 + " end").text.endswith("end")
