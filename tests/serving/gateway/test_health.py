"""Probes and figures."""

import httpx

from tests.serving.gateway.served import HeldEngine, refusal, served


def test_it_is_live_at_once_and_ready_when_a_worker_is(held):
    with served(held) as gateway, httpx.Client(base_url=gateway.address, trust_env=False) as client:
        assert client.get("/healthz").json() == {"status": "live"}
        answer = client.get("/readyz")
        assert refusal(answer, 503, "not_ready") == "no worker is ready to translate"
        assert answer.headers["retry-after"] == "1"
        assert client.get("/v2/health/ready").status_code == 503
        held.go.set()
        assert client.get("/readyz").json() == {"status": "ready"}
        held.is_warm = False
        assert client.get("/readyz").status_code == 503


def test_the_figures_count_what_was_asked(manifest, translator):
    engine = HeldEngine(manifest)
    engine.go.set()
    with served(engine) as gateway, httpx.Client(base_url=gateway.address, trust_env=False) as client:
        client.post("/v1/translate", json={"text": ["Two dogs.", "a"]})
        client.post("/v1/align", json={"source": "A red coat", "target": "b"})
        client.post("/v1/translate", json={})
        client.get("/v1/secret-path")
        answer = client.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        lines = answer.text.splitlines()
        for line in (
            'enface_requests_total{route="/v1/translate",status="200"} 1.0',
            'enface_requests_total{route="/v1/translate",status="422"} 1.0',
            'enface_requests_total{route="none",status="404"} 1.0',
            'enface_rejects_total{reason="unprocessable"} 1.0',
            'enface_rejects_total{reason="not_found"} 1.0',
            "enface_source_words_total 7.0",
            "enface_requests_in_progress 0.0",
            'enface_stage_seconds_count{stage="read"} 3.0',
            'enface_stage_seconds_count{stage="total"} 4.0',
        ):
            assert line in lines
        assert "secret-path" not in answer.text
