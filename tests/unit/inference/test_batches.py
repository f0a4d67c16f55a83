import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.errors import RequestError
from enface.inference.batches import FREE, Job, batches, check_sizes, padded
from enface.inference.session import Search


def job(index, length, max_length=32, beam_size=4):
    return Job(index, [5] * length, [FREE], Search(beam_size, max_length, 0.6))


@given(st.lists(st.tuples(st.integers(1, 700), st.sampled_from([32, 64, 1024]), st.sampled_from([1, 16])), max_size=60))
def test_each_job_is_in_one_batch_of_one_search_within_the_budget(sizes):
    jobs = [job(index, length, limit, beam) for index, (length, limit, beam) in enumerate(sizes)]
    made = batches(jobs)
    assert sorted(member.index for batch in made for member in batch) == list(range(len(jobs)))
    for batch in made:
        assert len({member.search for member in batch}) == 1
        longest = max(len(member.source) for member in batch)
        cells = len(batch) * longest * batch[0].search.beam_size * batch[0].search.max_length
        assert len(batch) == 1 or (len(batch) * longest <= 4_096 and cells <= 4_000_000)


def test_like_lengths_go_together():
    made = batches([job(index, length) for index, length in enumerate([2000, 3, 2000, 3, 2000])])
    assert [[member.index for member in batch] for batch in made] == [[1, 3], [0, 2], [4]]


def test_no_jobs_make_no_batches():
    assert batches([]) == []


def test_padding():
    array = padded([[1, 2, 3], [4]], FREE)
    assert array.tolist() == [[1, 2, 3], [4, -1, -1]]
    assert array.dtype == np.int64


def test_a_job_too_large_for_memory_is_refused():
    check_sizes([job(0, 976, 1024, 4)], "text[{}]")
    with pytest.raises(RequestError) as caught:
        check_sizes([job(0, 5), job(1, 977, 1024, 4)], "text[{}]")
    assert str(caught.value) == (
        "text[1]: got 976 source subwords, need <= 975 where beam_size is 4 and max_length 1,024; "
        "send it in smaller parts, or lower those"
    )
