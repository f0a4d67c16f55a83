"""The handler on the toy bundle, with TorchServe's own context object but no TorchServe."""

import json
import logging
from types import SimpleNamespace

import pytest
import yaml
from ts.context import Context, RequestProcessor

from enface.errors import RequestError
from serving import answering, bodies, parcels
from serving import handler as module
from serving.bodies import BATCH_SIZE_HEADER
from serving.handler import Handler
from serving.store import HERE

SECRET = "Quetzalcoatl"


@pytest.fixture(scope="module")
def handler(toy_bundle):
    handler = Handler()
    handler.initialize(_context(toy_bundle, []))
    return handler


def _context(bundle, headers):
    settings = yaml.safe_load((HERE / "model-config.yaml").read_text())
    context = Context("enface", str(bundle), None, 8, None, "0", model_yaml_config=settings)
    context.request_processor = [RequestProcessor(header) for header in headers]
    context.request_ids = {index: f"id-{index}" for index in range(len(headers))}
    return context


def _ask(handler, *bodies, kind="application/json"):
    """Each body's (status, answer); a body may come with its own content type as a pair."""
    pairs = [body if isinstance(body, tuple) else (body, kind) for body in bodies]
    context = _context("", [{"Content-Type": kind, "body": {"content-type": kind}} for _, kind in pairs])
    answers = handler.handle([{"body": bytearray(body)} for body, _ in pairs], context)
    for index in range(len(pairs)):
        assert context.get_response_content_type(index) == "application/json"
        status, phrase = context.get_response_status(index)
        assert phrase == module.PHRASES[status]
        assert phrase.isascii()
        assert "\n" not in phrase
    return [(context.get_response_status(i)[0], json.loads(answers[i])) for i in range(len(pairs))]


def _texts(answer):
    return [entry["text"] for entry in answer["translations"]]


def test_json_and_plain_text_are_told_apart(handler):
    for body, kind, text in [
        (b'{"text": "A dog."}', "application/json", "A dog."),
        (b'{"text": "A dog."}', "Application/JSON; charset=utf-8", "A dog."),
        (b'{"text": "A dog."}', "text/plain", '{"text": "A dog."}'),
        (b' {"text": "A dog."}', "", "A dog."),
        (b"A dog.", "", "A dog."),
        (b"A dog.", "application/octet-stream", "A dog."),
        ("Ein großer Hund.".encode(), "text/plain;charset=UTF-8", "Ein großer Hund."),
    ]:
        [(status, answer)] = _ask(handler, (body, kind))
        assert (status, _texts(answer)) == (200, [text]), (body, kind)


def test_an_answer_names_the_model_and_gives_spans_and_links(handler):
    [(status, answer)] = _ask(handler, b'{"text": ["Two dogs.", "A  child"]}')
    assert status == 200
    assert answer["model"]["run_id"] == "toy-run"
    first, second = answer["translations"]
    assert first["source"] == {"tokens": ["Two", "dogs", "."], "spans": [[0, 3], [4, 8], [8, 9]]}
    assert first["alignment"]["links"] == [[0, 0], [1, 1], [2, 2]]
    assert second["source"]["spans"] == [[0, 1], [3, 8]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"text": ', "not JSON: Expecting value at character 9"),
        (b"A dog.", "not JSON: Expecting value at character 0"),
        (b"", "the body is empty: send JSON"),
        (b'["A dog."]', "body: got a list"),
        (b"{}", "text: missing"),
        (b'{"text": []}', "text: "),
        (b'{"text": 5}', "text: "),
        (b'{"text": "\\u0000"}', "NUL"),
        (b'{"text": "\\ud800"}', "half a surrogate pair"),
        (b'{"text": "a", "texts": 1}', "texts: unknown"),
        (b'{"text": "a", "beam_size": 0}', "beam_size: got 0"),
        (b'{"text": "a", "beam_size": 1' + b"0" * 5000 + b"}", "a number is too long"),
        (b'{"text": "a", "length_penalty": NaN}', "not JSON: NaN is no number of JSON"),
        (b"[" * 100_000, "the JSON is nested too deeply"),
        (b'{"text": "\xff"}', "the body is not UTF-8: byte 10 cannot be read"),
        (json.dumps({"text": "a" * 10_001}).encode(), "got 10,001 characters, need <= 10,000"),
    ],
)
def test_a_bad_request_is_a_400_that_says_why(handler, body, message):
    [(status, answer)] = _ask(handler, body)
    assert status == 400
    assert answer["error"]["code"] == "bad_request"
    assert message in answer["error"]["message"]


def test_a_field_named_by_half_a_surrogate_pair_harms_nobody(handler):
    [(bad, answer), (good, _)] = _ask(handler, b'{"text": "a", "\\ud800": 1}', b'{"text": "a"}')
    assert (bad, good) == (400, 200)
    assert answer["error"]["code"] == "bad_request"


def test_a_form_has_no_body(handler):
    context = _context("", [{}])
    [answer] = handler.handle([{"data": b"A dog."}], context)
    assert context.get_response_status(0)[0] == 400
    assert "no body: send it with Content-Type application/json or text/plain, not as a form" in answer.decode()


def test_white_space_alone_is_an_empty_translation(handler):
    for body in (b'{"text": ""}', b'{"text": "  \\n "}'):
        [(status, answer)] = _ask(handler, body)
        assert (status, _texts(answer)) == (200, [""])


def test_a_body_over_the_limit_is_a_413(handler):
    [(status, answer)] = _ask(handler, b" " * 1_000_001)
    assert status == 413
    assert answer["error"] == {"code": "body_too_large", "message": "the body has more than 1,000,000 bytes"}


def test_texts_that_are_too_long_together_are_a_413(handler):
    [(status, answer)] = _ask(handler, json.dumps({"text": ["a" * 7_000] * 3}).encode())
    assert status == 413
    message = "its texts have 21,000 characters together, need <= 20,000; send fewer at once"
    assert answer["error"] == {"code": "texts_too_long", "message": message}


def test_small_requests_come_first_and_what_comes_too_late_is_a_503(handler, monkeypatch):
    calls, clock = [], [0.0]

    def translate(texts, options):
        calls.append([len(text) for text in texts])
        clock[0] += 40
        return real(texts, options)

    monkeypatch.setattr("enface.inference.batches._LARGEST_JOB_CELLS", 10**9)  # a letter is a subword here
    monkeypatch.setattr(answering, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    real = handler._translator.translate
    monkeypatch.setattr(handler._translator, "translate", translate)
    lengths = (5_000, 5, 3_000, 6, 4_000)
    answers = _ask(handler, *(json.dumps({"text": "a" * length}).encode() for length in lengths))
    assert calls == [[5, 6, 3_000], [4_000]]
    assert [status for status, _ in answers] == [503, 200, 200, 200, 200]
    message = "the requests beside it took 60 s; try again, or send less text"
    assert answers[0][1]["error"] == {"code": "too_busy", "message": message}


def test_an_answer_over_the_limit_is_a_413_that_says_what_helps(handler, monkeypatch):
    body = b'{"text": "A young woman in a red coat."}'
    for name, limit in (("MAX_WEIGHTS", 63), ("MAX_ANSWER_BYTES", 500)):
        with monkeypatch.context() as patched:
            patched.setattr(bodies, name, limit)
            [(status, answer)] = _ask(handler, body)
        assert status == 413
        assert answer["error"]["code"] == "answer_too_large"
        assert "its answer would have 64 alignment weights" in answer["error"]["message"]
        assert '"alignment": "none"' in answer["error"]["message"]


def test_the_good_rows_of_a_batch_are_answered_whatever_the_others_are(handler):
    bad = [b"{", b'{"text": 1}', b"\xff", b"[" * 100_000, b" " * 1_000_001, b'{"text": "\\u0000"}']
    good = [json.dumps({"text": f"A dog {number}."}).encode() for number in range(len(bad))]
    rows = [row for pair in zip(bad, good, strict=True) for row in pair]
    answers = _ask(handler, *rows)
    assert [status for status, _ in answers] == [400, 200, 400, 200, 400, 200, 400, 200, 413, 200, 400, 200]
    assert [_texts(answer) for _, answer in answers[1::2]] == [[f"A dog {number}."] for number in range(len(bad))]


def test_rows_with_equal_options_are_translated_in_one_call(handler, monkeypatch):
    calls = []
    real = handler._translator.translate
    monkeypatch.setattr(
        handler._translator, "translate", lambda texts, options: calls.append(texts) or real(texts, options)
    )
    rows = [b'{"text": "a"}', b'{"text": ["b", "c"], "beam_size": 2}', b'{"text": "d", "alignment": "word"}']
    answers = _ask(handler, *rows)
    assert sorted(calls) == [["a", "d"], ["b", "c"]]
    assert [_texts(answer) for _, answer in answers] == [["a"], ["b", "c"], ["d"]]


def test_a_fault_of_ours_is_that_rows_500_and_its_text_is_in_no_log(handler, monkeypatch, caplog):
    real = handler._translator.translate

    def translate(texts, options):
        if any(SECRET in text for text in texts):
            raise KeyError(SECRET)
        return real(texts, options)

    monkeypatch.setattr(handler._translator, "translate", translate)
    with caplog.at_level(logging.DEBUG):
        answers = _ask(handler, b'{"text": "a"}', json.dumps({"text": SECRET}).encode(), b'{"text": "b"}')
    assert [status for status, _ in answers] == [200, 500, 200]
    assert answers[1][1]["error"] == {"code": "internal", "message": "our fault; in the log it is id-1"}
    assert "KeyError" in caplog.text
    assert "id-1" in caplog.text
    assert SECRET not in caplog.text


def test_a_parcel_is_answered_as_its_requests_alone_are(handler):
    good, bad, aligned = {"text": "A dog."}, {"text": 5}, {"task": "align", "source": "a", "target": "b"}
    parcel = json.dumps({"ids": ["x", "y", "z"], "tasks": [good, bad, aligned]}).encode()
    kinds = (parcels.PARCEL_TYPE, "application/json", parcels.PARCEL_TYPE)
    context = _context("", [{"Content-Type": kind} for kind in kinds])
    rows = [{"body": bytearray(body)} for body in (parcel, json.dumps(good).encode(), b"{}")]
    answers = handler.handle(rows, context)
    alone = handler.handle(
        [{"body": bytearray(json.dumps(value).encode())} for value in (good, bad, aligned)], _context("", [{}] * 3)
    )
    headers = context.get_response_headers(0)
    replies = list(parcels.parted(headers[parcels.REPLIES_HEADER], answers[0]))
    assert replies == [(200, alone[0]), (400, alone[1]), (200, alone[2])]
    assert answers[1] == alone[0]
    assert headers[BATCH_SIZE_HEADER] == "3"
    assert context.get_response_status(2)[0] == 400
    assert "the body is no application/vnd.enface.parcel+json" in answers[2].decode()
    assert parcels.REPLIES_HEADER not in context.get_response_headers(2)


def test_a_fault_in_a_parcel_is_logged_by_the_gateways_id(handler, monkeypatch, caplog):
    monkeypatch.setattr(handler._translator, "translate", lambda texts, options: {}[SECRET])
    parcel = json.dumps({"ids": ["of-the-gateway"], "tasks": [{"text": SECRET}]}).encode()
    context = _context("", [{"Content-Type": parcels.PARCEL_TYPE}])
    [content] = handler.handle([{"body": bytearray(parcel)}], context)
    assert context.get_response_status(0)[0] == 200
    [(status, reply)] = parcels.parted(context.get_response_headers(0)[parcels.REPLIES_HEADER], content)
    assert status == 500
    assert json.loads(reply)["error"]["message"] == "our fault; in the log it is of-the-gateway"
    assert "of-the-gateway" in caplog.text
    assert SECRET not in caplog.text


def test_a_request_refused_only_when_translated_is_a_400_of_its_row(handler, monkeypatch):
    real = handler._translator.translate

    def translate(texts, options):
        if "b" in texts:
            raise RequestError("text[0]: too much")
        return real(texts, options)

    monkeypatch.setattr(handler._translator, "translate", translate)
    answers = _ask(handler, b'{"text": "a"}', b'{"text": "b"}')
    assert [status for status, _ in answers] == [200, 400]
    assert answers[1][1]["error"]["message"] == "text[0]: too much"


def test_options_are_honoured(handler):
    bodies = [
        {"text": "A dog.", "alignment": "none"},
        {"text": "A dog.", "n_best": 3},
        {"text": "A dog.", "max_length": 1},
    ]
    answers = _ask(handler, *(json.dumps(body).encode() for body in bodies))
    none, best, short = (answer["translations"][0] for _, answer in answers)
    assert "alignment" not in none
    assert len(best["alternatives"]) == 2
    assert len(short["text"]) < len("A dog.")


def test_torchserve_finds_exactly_one_class():
    classes = [
        value for value in vars(module).values() if isinstance(value, type) and value.__module__ == module.__name__
    ]
    assert classes == [Handler]


def test_a_body_of_nothing_is_refused_where_its_type_does_not_say_text(handler):
    (status, answer), (as_text, empty) = _ask(handler, (b"", ""), (b"", "text/plain"))
    assert status == 400
    assert answer["error"]["message"].startswith("the body is empty: send JSON")
    assert (as_text, _texts(empty)) == (200, [""])
