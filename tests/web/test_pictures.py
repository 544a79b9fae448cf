"""Small charts: figures stand clear of the line that runs over the columns."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pos.web.pictures import clear_of, columns

HOURS = list(range(8, 22))
takings = st.dictionaries(st.sampled_from(HOURS), st.integers(0, 30_000_000))


def test_a_figure_stands_just_above_its_column_when_nothing_crosses() -> None:
    assert clear_of([], 100, 80, reach=20) == 73
    assert clear_of([(60, 200.0), (140, 200.0)], 100, 80, reach=20) == 73


def test_a_figure_moves_above_the_line_that_crosses_it() -> None:
    assert clear_of([(60, 70.0), (140, 70.0)], 100, 80, reach=20) == 62


@given(takings, takings)
def test_no_figure_is_crossed(now: dict[int, int], before: dict[int, int]) -> None:
    made = columns(now, before, HOURS, width=1200)
    line = [(float(x), float(y)) for x, y in (p.split(",") for p in made.before.split())]

    for bar in made.bars:
        middle = bar.x + bar.width / 2
        for (x1, y1), (x2, y2) in pairwise(line):
            for x in (middle - 20, middle, middle + 20):
                if x1 <= x <= x2:
                    y = y1 + (y2 - y1) * (x - x1) / (x2 - x1)
                    assert not bar.tag - 12 < y < bar.tag, (bar, x, y)
