"""Features: the same on every machine, the same alone as in a batch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import SHAPE, add_up, read_features
from classifiers.hashing import N_BUCKETS
from classifiers.learning import to_matrix
from tests.classifiers.builders import BEYOND_UNICODE

WEIGHTS = np.zeros((N_BUCKETS + 1, 3), dtype=np.float32)
WEIGHTS[:-1] = np.random.default_rng(7).integers(-127, 128, (N_BUCKETS, 3))


def shape_of(text: str, name: str) -> float:
    return float(read_features([text]).shape[0, SHAPE.index(name)])


def test_a_feature_has_the_same_number_everywhere() -> None:
    read = read_features(["Été à Lyon ?"])
    assert read.words.bare.tolist()[1:3] == [3726339454, 4077198353]
    assert read.words.buckets[:, 1].tolist() == [145102, 231526, 189822]


@given(st.lists(BEYOND_UNICODE, min_size=1, max_size=6))
def test_a_text_weighs_the_same_alone_as_in_a_batch(texts: list[str]) -> None:
    together = add_up(read_features(texts), WEIGHTS)
    alone = [add_up(read_features([text]), WEIGHTS)[0] for text in texts]
    assert np.array_equal(together, np.array(alone))


def test_the_training_matrix_gives_the_sums_the_model_gives() -> None:
    texts = ["Super produit, merci !", "", "j'ai jamais reçu mon colis 😡", "How much is it?"]
    matrix = to_matrix(texts)
    expected = matrix[:, :N_BUCKETS] @ WEIGHTS[:-1]
    np.testing.assert_allclose(add_up(read_features(texts), WEIGHTS), expected, rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(matrix[:, N_BUCKETS:].toarray(), read_features(texts).shape)


def test_stretched_words_are_found_on_their_list() -> None:
    assert shape_of("I looove it", "glad words") == shape_of("I love it", "glad words") > 0


def test_a_denied_kind_word_is_not_a_kind_word() -> None:
    assert shape_of("this is not very good", "glad words") == 0
    assert shape_of("this is not very good", "denied glad words") > 0


def test_a_denial_does_not_reach_into_the_next_text() -> None:
    read = read_features(["no", "good"])
    assert read.shape[1, SHAPE.index("denied glad words")] == 0


def test_emoji_alone_have_no_letters() -> None:
    assert not read_features(["👍👍 100%"]).has_letters[0]
    assert read_features(["ok 👍"]).has_letters[0]
