"""The tasks that a request's JSON may name, and what they answer on the toy bundle."""

import json

import pytest

from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from serving.answering import Sent, answer_bodies
from serving.tasks import TooLongError, Way, parse_task, perform, read_task


@pytest.mark.parametrize(
    ("value", "way", "inputs"),
    [
        ({"text": "a"}, Way("translate", TranslateOptions(), 0), ["a"]),
        ({"task": "translate", "text": ["a"]}, Way("translate", TranslateOptions(), 0), ["a"]),
        ({"task": "align", "source": "a", "target": "b"}, Way("align", TranslateOptions(), 0), [("a", "b")]),
        ({"task": "begin", "text": "a", "steps": 3}, Way("begin", TranslateOptions(), 3), ["a"]),
        (
            {"task": "begin", "text": "a", "steps": 3, "n_best": 2},
            Way("begin", TranslateOptions(n_best=2), 3),
            ["a"],
        ),
    ],
)
def test_a_task_is_read_from_its_json_and_written_back(manifest, value, way, inputs):
    task = read_task(value, manifest)
    assert (task.way, task.inputs) == (way, inputs)
    assert read_task(task.to_json(), manifest) == task


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"task": "sing", "text": "a"}, "task: need one of translate, align, begin"),
        ({"task": ["align"], "text": "a"}, "task: need one of translate, align, begin"),
        ({"task": "begin", "text": "a"}, "steps: need a whole number from 1 to 1024"),
        ({"task": "begin", "text": "a", "steps": True}, "steps: need a whole number from 1 to 1024"),
        ({"task": "begin", "text": "a", "steps": 1025}, "steps: need a whole number from 1 to 1024"),
        ({"text": "a", "steps": 3}, "steps: unknown setting"),
        (["a"], "body: got a list, need an object"),
    ],
)
def test_what_is_no_task_is_refused(manifest, value, message):
    with pytest.raises(RequestError) as caught:
        read_task(value, manifest)
    assert str(caught.value).startswith(message)


def test_the_kind_is_the_callers_where_it_says_it(manifest):
    with pytest.raises(RequestError, match="task: unknown setting"):
        parse_task("translate", {"task": "align", "text": "a"}, manifest)


def test_texts_that_are_too_long_together(manifest):
    pairs = {"source": ["a" * 7_000, "b"], "target": ["c" * 7_000, "d" * 6_000]}
    with pytest.raises(TooLongError) as caught:
        parse_task("align", pairs, manifest)
    assert str(caught.value) == "its texts have 20,001 characters together, need <= 20,000; send fewer at once"


def test_each_task_is_the_translators_own(translator, manifest):
    way = Way("align", TranslateOptions(), 0)
    assert perform(translator, way, [("a", "b")])[0].to_dict() == translator.align([("a", "b")])[0].to_dict()
    [beginning] = perform(translator, Way("begin", TranslateOptions(), 2), ["Two dogs are playing."])
    assert beginning.translation is None


def test_tasks_of_several_ways_share_a_batch(translator):
    values = [
        {"task": "begin", "text": "A dog.", "steps": 99},
        {"task": "align", "source": "A dog.", "target": "Ein Hund."},
        {"text": "A dog."},
        {"task": "sing"},
    ]
    sent = [Sent(str(index), json.dumps(value).encode(), "application/json") for index, value in enumerate(values)]
    replies = [(status, json.loads(content)) for status, content in answer_bodies(translator, sent)]
    assert [status for status, _ in replies] == [200, 200, 200, 400]
    begun, aligned, translated = (content["translations"][0] for _, content in replies[:3])
    assert begun["translation"] == translated
    assert aligned["target"]["tokens"] == ["Ein", "Hund", "."]
