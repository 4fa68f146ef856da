"""A confidence is calibrated by the pair of languages, and a stated risk asks for one."""

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.confidence import ACROSS, OWN, fit_of, threshold
from assistant.config import AnswerConfig
from assistant.fits import STATIC
from eval.calibration import Example, fitted, thresholds
from eval.logistic import fit, recalibrate
from index.search import Searcher

KNOWN = STATIC.calibration
QUESTION = "متى تأسست منظمة التعاون الإسلامي؟"


def test_languages_without_data_share_a_pooled_fit() -> None:
    assert fit_of("en", "ar", KNOWN.pairs) == "en>ar"
    assert fit_of("fa", "ar", KNOWN.pairs) == ACROSS
    assert fit_of("tt", "tt", KNOWN.pairs) == OWN


def test_a_smaller_risk_asks_for_more_confidence_and_none_for_certainty() -> None:
    asked = [threshold(risk / 100, KNOWN) for risk in range(101)]
    assert asked == sorted(asked, reverse=True)
    assert (asked[0], asked[100]) == (1.0, 0.0)
    (low, high), (other_low, other_high) = KNOWN.risks[1:3]
    assert threshold((low + other_low) / 2, KNOWN) == pytest.approx((high + other_high) / 2)


def test_a_risk_of_none_refuses_and_of_all_answers(searcher: Searcher) -> None:
    careful = Assistant(searcher, AnswerConfig(max_risk=0.0)).ask(QUESTION)
    bold = Assistant(searcher, AnswerConfig(max_risk=1.0)).ask("How do I bake a chocolate cake?")
    assert careful.refused
    assert not bold.refused
    assert careful.confidence > bold.confidence
    assert (careful.calibration, bold.calibration) == (
        "ar>ar",
        fit_of("en", bold.hits[0].passage.language, KNOWN.pairs),
    )


def test_each_risk_gets_the_least_confidence_that_keeps_to_it() -> None:
    found = dict(thresholds(np.array([0.9, 0.8, 0.7, 0.6]), [True, False, True, True]))
    # wrong among the surest one, two, three, four: 0, 1/2, 1/3, 1/4
    assert found[0.2] == 0.9
    assert found[0.25] == found[0.5] == 0.6


def test_a_pair_that_is_right_less_often_is_shifted_down() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=800)
    right = rng.random(800) < 1 / (1 + np.exp(-(2 * x - np.repeat([0, 2], 400))))
    pairs = np.repeat(["en>en", "fa>fa"], 400)
    result = fitted([Example(p, (v,), bool(r)) for p, v, r in zip(pairs, x, right, strict=True)])
    assert result.pairs["fa>fa"][0] < -0.5 < result.pairs["en>en"][0]
    for pair in ("en>en", "fa>fa"):
        own = pairs == pair
        assert result.confidences[own].mean() == pytest.approx(right[own].mean(), abs=0.05)


def test_regression_finds_the_odds_it_was_made_from() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(4000, 1))
    y = (rng.random(4000) < 1 / (1 + np.exp(-(1 + 2 * x[:, 0])))).astype(float)
    assert fit(x, y) == pytest.approx([1, 2], abs=0.2)
    assert recalibrate(x[:, 0], y, 1.0) == pytest.approx((1, 2), abs=0.2)
