import pytest

from eval.marked import adapted, exact, f1, strict


@pytest.mark.parametrize(
    ("marked", "answer", "same", "same_strictly"),
    [
        ("The Kazan Forum!", "kazan forum", 1.0, 1.0),
        ("عام ٢٠٠٦", "عام 2006", 1.0, 0.0),
        ("۲۰۰۶", "2006", 1.0, 0.0),
        ("«والمنتدى»", "منتدى", 1.0, 0.0),
        ("للمنتدى،", "المنتدى", 1.0, 0.0),
        ("رئيس المنظمه", "رئيس المنظمة", 1.0, 0.0),
        ("می\u200cرود", "می رود", 1.0, 0.0),
        ("сёла", "села", 1.0, 0.0),
        ("Kazan", "Doha", 0.0, 0.0),
        ("الله", "لله", 0.0, 0.0),
    ],
)
def test_what_is_the_same_depends_on_the_rules(
    marked: str, answer: str, same: float, same_strictly: float
) -> None:
    assert exact(marked, ["other", answer], adapted) == same
    assert exact(marked, ["other", answer], strict) == same_strictly


def test_f1_is_that_of_the_answer_that_suits_best() -> None:
    # Two of three words are right, and two of two: 2 · 2 / (3 + 2).
    assert f1("in Kazan 2023", ["Doha", "Kazan 2023"], adapted) == pytest.approx(0.8)
    assert f1("in the Kazan", ["a Kazan"], strict) == pytest.approx(2 / 3)
    assert f1("", ["Kazan"], adapted) == f1("Kazan", [], adapted) == 0.0
