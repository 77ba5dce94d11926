"""What is counted as evidence: co-authors by what of their names shows, and where merging stops."""

import numpy as np
import pytest

from profiles.identity.bindings import Constraints, bind
from profiles.identity.clusters import thresholds
from profiles.identity.coauthors import read_coauthors
from profiles.identity.corpus import UNKNOWN, Floats, read_corpus
from profiles.identity.evidence import read_background
from profiles.identity.links import Links
from profiles.identity.scoring import Model
from tests.profiles.identity.mentions import make_mention

MODEL = Model((), threshold=0.5, threshold_crowded=0.6, threshold_initials=0.4)


def joint(one: str, other: str) -> list[float]:
    corpus = read_corpus([make_mention("Mia Ort", one), make_mention("Mia Ort", other)])
    return [float(column[0]) for column in read_coauthors(corpus).measure(np.array([0]), np.array([1]))]


def test_coauthors_of_other_initials_are_joint_by_their_first_letter_only() -> None:
    by_name, by_letter, share, _ = joint("R. K. Shaw", "R. B. Shaw")
    assert (by_name, share) == (0, 0)
    assert by_letter > 0
    by_name, by_letter, share, _ = joint("R. K. Shaw", "R. K. Shaw")
    assert share == 1
    assert min(by_name, by_letter) > 0


def test_a_middle_initial_does_not_part_a_name_that_is_written_out() -> None:
    assert joint("Ruth K. Shaw", "Ruth Shaw")[2] == 1


def threshold_between(one: str, other: str) -> float:
    corpus = read_corpus([make_mention(one), make_mention(other)])
    links = Links(np.array([0]), np.array([1]), np.array([0.5], np.float32))
    found: Floats = thresholds(corpus, read_background(corpus), bind(Constraints(), corpus), links, MODEL)
    return float(found[0])


def test_where_merging_stops_depends_on_how_names_are_printed_and_how_many_bear_them() -> None:
    assert threshold_between("R. Shaw", "Ruth Shaw") == pytest.approx(0.4)
    assert threshold_between("Hedwig Zoltanovar", "Hedwig Zoltanovar") == pytest.approx(0.5)
    assert 0.52 < threshold_between("Wei Zhang", "Wei Zhang") <= 0.6


def test_how_many_coauthors_are_written_out_is_told_where_there_are_any() -> None:
    said = make_mention("Mia Ort", "R. Shaw", "Ruth Koh", "Ada Li", "B. Wu"), make_mention("Mia Ort")
    assert read_corpus(said).written_out.tolist() == [0.5, UNKNOWN]
