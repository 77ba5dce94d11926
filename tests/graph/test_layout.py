"""The picture's arithmetic: rows of their own, room for labels, the same input the same picture."""

from itertools import pairwise

from hypothesis import given, strategies as st

from graph.layout import CHARACTER_WIDTH, LOWEST, MARGIN, NARROW, WIDE, Frame, Spot, cut_to, lay_out, shorten

frames = st.sampled_from([WIDE, NARROW])
shares = st.floats(0, 1)
spots = st.builds(Spot, st.sampled_from(["left", "right"]), shares, shares, st.text(max_size=60))
LOWEST_ROW = 17  # pixels between two labels of 13


@given(st.lists(spots, max_size=24), frames)
def test_no_two_labels_of_a_side_share_a_row(spots: list[Spot], frame: Frame) -> None:
    places = lay_out(spots, frame)
    for anchor in ("start", "end"):
        rows = [place.y for place in places if place.anchor == anchor]
        assert rows == sorted(rows)
        if len(rows) <= 18:
            assert all(lower - upper >= LOWEST_ROW for upper, lower in pairwise(rows))


@given(st.lists(spots, max_size=24), frames)
def test_everything_stays_inside_and_beside_the_focus(spots: list[Spot], frame: Frame) -> None:
    for spot, place in zip(spots, lay_out(spots, frame), strict=True):
        assert MARGIN - 1 <= place.y <= frame.height - MARGIN + 1
        assert 0 <= place.label_x <= frame.width
        assert (place.x < frame.width / 2) == (spot.side == "left")
        room = place.label_x if place.anchor == "end" else frame.width - place.label_x
        assert spot.label.startswith(place.label.removesuffix("…").rstrip()) or place.label == spot.label
        narrow = sum(ord(character) < 0x2E80 for character in place.label)
        width = narrow * frame.type_size * CHARACTER_WIDTH + (len(place.label) - narrow) * frame.type_size
        assert width <= room + 2 * frame.type_size


@given(st.lists(spots, max_size=24), frames)
def test_the_same_spots_give_the_same_picture(spots: list[Spot], frame: Frame) -> None:
    assert lay_out(spots, frame) == lay_out(list(spots), frame)


@given(st.lists(spots, min_size=1, max_size=12), spots, frames)
def test_one_more_moves_the_others_by_less_than_a_row(spots: list[Spot], one_more: Spot, frame: Frame) -> None:
    before, after = lay_out(spots, frame), lay_out([*spots, one_more], frame)
    row = max(46.0, frame.height / len(spots))
    assert all(abs(old.y - new.y) <= row for old, new in zip(before, after, strict=False))


@given(st.lists(spots, min_size=1, max_size=24), frames)
def test_a_picture_is_as_high_as_its_rows(spots: list[Spot], frame: Frame) -> None:
    cut = cut_to(frame, spots)
    rows = [place.y for place in lay_out(spots, cut)]
    assert LOWEST <= cut.height <= frame.height
    assert cut.height == LOWEST or min(rows) <= MARGIN + 0.1
    assert max(rows) <= cut.height - MARGIN + 0.1


def test_the_nearer_stands_the_nearer() -> None:
    far, near = lay_out([Spot("right", 0, 0.5, "far"), Spot("right", 1, 0.5, "near")], WIDE)
    assert abs(near.x - WIDE.width / 2) < abs(far.x - WIDE.width / 2)


def test_a_label_is_cut_to_its_room() -> None:
    assert shorten("Disordered Systems and Neural Networks", 100, 13) == "Disordered…"
    assert shorten("Hadi Salman", 100, 13) == "Hadi Salman"
    assert shorten("王伟王伟王伟王伟", 52, 13) == "王伟王…"
