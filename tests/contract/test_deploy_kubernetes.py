"""The manifests of serving/deploy/kubernetes: each fits its schema, and all of them fit one another and the gateway."""

import copy
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from serving.gateway import upstream
from tests.contract.deploying import DEPLOY, faults_of_words, metric_names, routes

kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="the schemas are in kubernetes-validate")

FOLDER = DEPLOY / "kubernetes"
VERSION = "1.37"
APART = {"keys.example.yaml", "servicemonitor.yaml", "prometheus-adapter.yaml"}  # each for those who want it
OF_OTHERS = {"ServiceMonitor", "Kustomization", "Component", None}  # kinds that are not the cluster's own

Manifests = dict[str, dict[str, Any]]


def manifests() -> Manifests:
    """Each file's one document, by its path in the folder."""
    return {str(file.relative_to(FOLDER)): yaml.safe_load(file.read_text()) for file in sorted(FOLDER.rglob("*.yaml"))}


def faults_of_schemas(found: Manifests) -> list[str]:
    """What the cluster would refuse; unknown fields among it."""
    faults = []
    for name, document in found.items():
        if document.get("kind") in OF_OTHERS or name.endswith("/volume.yaml"):  # the latter is a part of a manifest
            continue
        try:
            kubernetes_validate.validate(document, VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            faults.append(f"{name} {'.'.join(map(str, error.path))}: {error.message}")
    return faults


def faults_of_references(found: Manifests) -> list[str]:
    """Where one manifest names what no other has."""
    deployment, service = found["deployment.yaml"], found["service.yaml"]
    pod = deployment["spec"]["template"]
    labels, [container] = pod["metadata"]["labels"], pod["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    selectors = {
        "deployment.yaml": deployment["spec"]["selector"]["matchLabels"],
        "service.yaml": service["spec"]["selector"],
        "disruption.yaml": found["disruption.yaml"]["spec"]["selector"]["matchLabels"],
        "network.yaml": found["network.yaml"]["spec"]["podSelector"]["matchLabels"],
    }
    for index, spread in enumerate(pod["spec"]["topologySpreadConstraints"]):
        selectors[f"deployment.yaml spread {index}"] = spread["labelSelector"]["matchLabels"]
    faults = [f"{name}: selects no pod" for name, wanted in selectors.items() if not wanted.items() <= labels.items()]
    monitor = found["servicemonitor.yaml"]["spec"]
    if not monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items():
        faults.append("servicemonitor.yaml: selects no service")
    named = {f"{probe} probe": container[f"{probe}Probe"]["httpGet"]["port"] for probe in PROBES}
    named |= {"service.yaml": service["spec"]["ports"][0]["targetPort"]}
    named |= {"network.yaml": found["network.yaml"]["spec"]["ingress"][0]["ports"][0]["port"]}
    faults += [f"{name}: no port {port}" for name, port in named.items() if port not in ports]
    served = {port["name"] for port in service["spec"]["ports"]}
    faults += [
        f"servicemonitor.yaml: no port {end['port']}" for end in monitor["endpoints"] if end["port"] not in served
    ]
    if pod["spec"]["serviceAccountName"] != found["account.yaml"]["metadata"]["name"]:
        faults.append("deployment.yaml: no such account")
    target = found["autoscaler.yaml"]["spec"]["scaleTargetRef"]
    if (target["kind"], target["name"]) != ("Deployment", deployment["metadata"]["name"]):
        faults.append("autoscaler.yaml: scales nothing")
    return faults + faults_of_volumes(found)


PROBES = ("startup", "liveness", "readiness")


def faults_of_volumes(found: Manifests) -> list[str]:
    """Mounts without a volume, keys that are not where the server looks, a claim that nobody makes."""
    spec = found["deployment.yaml"]["spec"]["template"]["spec"]
    patch = found["bundle-volume/volume.yaml"]["spec"]["template"]["spec"]
    [container], [patched] = spec["containers"], patch["containers"]
    volumes = {volume["name"]: volume for volume in [*spec["volumes"], *patch["volumes"]]}
    mounts = {mount["mountPath"]: mount for mount in [*container["volumeMounts"], *patched["volumeMounts"]]}
    faults = [f"{path}: no volume {mount['name']}" for path, mount in mounts.items() if mount["name"] not in volumes]
    writable = [path for path, mount in mounts.items() if not mount.get("readOnly")]
    if writable != ["/tmp"]:
        faults.append(f"writable: {writable}")
    secret = found["keys.example.yaml"]
    folder, _, name = container["args"][container["args"].index("--keys") + 1].rpartition("/")
    mounted = volumes.get(mounts.get(folder, {}).get("name"), {}).get("secret", {}).get("secretName")
    if mounted != secret["metadata"]["name"] or name not in secret["stringData"]:
        faults.append("deployment.yaml: --keys names no file of the secret")
    claimed = volumes["bundles"]["persistentVolumeClaim"]["claimName"]
    if patched["name"] != container["name"] or claimed != found["bundle-volume/claim.yaml"]["metadata"]["name"]:
        faults.append("bundle-volume: patches nothing, or claims what is not there")
    return faults


def faults_of_serving(found: Manifests) -> list[str]:
    """Where the manifests and the gateway disagree."""
    spec = found["deployment.yaml"]["spec"]["template"]["spec"]
    [container] = spec["containers"]
    waited_s = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    limits, grace_s = container["resources"]["limits"], spec["terminationGracePeriodSeconds"]
    faults = faults_of_words(container["args"], grace_s=grace_s - waited_s, cpus=float(limits["cpu"]))
    for probe in PROBES:
        path = container[f"{probe}Probe"]["httpGet"]["path"]
        faults += [] if path in routes() else [f"{probe} probe: no route {path}"]
    if container["readinessProbe"]["timeoutSeconds"] <= upstream._ASK_S:
        faults.append("readiness probe: less time than the gateway gives TorchServe")
    faults += [
        f"servicemonitor.yaml: no route {end['path']}"
        for end in found["servicemonitor.yaml"]["spec"]["endpoints"]
        if end["path"] not in routes()
    ]
    metric = found["autoscaler.yaml"]["spec"]["metrics"][0]["pods"]["metric"]["name"]
    [rule] = found["prometheus-adapter.yaml"]["rules"]["custom"]
    if metric not in metric_names():
        faults.append(f"autoscaler.yaml: no metric {metric}")
    if rule["name"]["as"] != metric or re.split(r"\{", rule["seriesQuery"])[0] not in metric_names():
        faults.append("prometheus-adapter.yaml: not the autoscaler's metric")
    return faults


def faults_of_safety(found: Manifests) -> list[str]:
    """What a pod may do though it need not."""
    spec = found["deployment.yaml"]["spec"]["template"]["spec"]
    [container] = spec["containers"]
    own, pods = container["securityContext"], spec["securityContext"]
    resources = container["resources"]
    held = {
        "runs as root": pods["runAsNonRoot"] and pods["runAsUser"] > 0,
        "no seccomp profile": pods["seccompProfile"]["type"] == "RuntimeDefault",
        "may become more": own["allowPrivilegeEscalation"] is False,
        "writable root": own["readOnlyRootFilesystem"] is True,
        "capabilities": own["capabilities"] == {"drop": ["ALL"]},
        "has the cluster's token": spec["automountServiceAccountToken"] is False,
        "unbounded": {"cpu", "memory"} <= set(resources["limits"]) & set(resources["requests"]),
        "may call out": found["network.yaml"]["spec"]["egress"] == [],
        "a real secret": all("0" * 64 in text for text in found["keys.example.yaml"]["stringData"].values()),
        "a namespace": not any("namespace" in document.get("metadata", {}) for document in found.values()),
    }
    return [fault for fault, right in held.items() if not right]


def faults_of_kustomization(found: Manifests) -> list[str]:
    """Files that no kustomization takes, and those that are not there; an image that it does not name."""
    top, component = found["kustomization.yaml"], found["bundle-volume/kustomization.yaml"]
    taken = {*top["resources"], *APART, "kustomization.yaml", "bundle-volume/kustomization.yaml"}
    taken |= {f"bundle-volume/{name}" for name in component["resources"]}
    taken |= {f"bundle-volume/{patch['path']}" for patch in component["patches"]}
    faults = [f"{name}: taken by none" for name in sorted(set(found) - taken)]
    faults += [f"{name}: is not there" for name in sorted(taken - set(found))]
    image = found["deployment.yaml"]["spec"]["template"]["spec"]["containers"][0]["image"]
    tags = {each["name"]: each["newTag"] for each in top["images"]}
    if tags.get(image, "latest") == "latest":
        faults.append(f"kustomization.yaml: no fixed tag for {image}")
    return faults


def faults_of_fit(found: Manifests) -> list[str]:
    """All that no schema sees."""
    checks = (faults_of_references, faults_of_serving, faults_of_safety, faults_of_kustomization)
    return [fault for check in checks for fault in check(found)]


POD = ("deployment.yaml", "spec", "template", "spec")
GATEWAY = (*POD, "containers", 0)
BREAKS = [
    (("service.yaml", "spec", "selector", "app.kubernetes.io/name"), "other", "service.yaml: selects no pod"),
    (("disruption.yaml", "spec", "selector", "matchLabels"), {"app": "x"}, "disruption.yaml: selects no pod"),
    (("service.yaml", "spec", "ports", 0, "targetPort"), "web", "service.yaml: no port web"),
    (("service.yaml", "spec", "ports", 0, "name"), "web", "servicemonitor.yaml: no port http"),
    ((*GATEWAY, "livenessProbe", "httpGet", "path"), "/health", "liveness probe: no route /health"),
    ((*GATEWAY, "readinessProbe", "timeoutSeconds"), 2, "readiness probe: less time than the gateway gives TorchServe"),
    ((*GATEWAY, "args", 3), "4", "1 workers of 4 threads on 2 cpus"),
    ((*GATEWAY, "args", 0), "--motor", "enface serve: No such option: --motor"),
    ((*GATEWAY, "args", 9), "/etc/enface/key", "deployment.yaml: --keys names no file of the secret"),
    ((*POD, "terminationGracePeriodSeconds"), 60, "stopping may take 65 s, and it is killed after 50"),
    ((*POD, "serviceAccountName"), "default", "deployment.yaml: no such account"),
    ((*POD, "volumes", 0, "name"), "scratch", "/tmp: no volume temporary"),
    ((*GATEWAY, "securityContext", "readOnlyRootFilesystem"), False, "writable root"),
    ((*GATEWAY, "resources", "limits"), {"cpu": "2"}, "unbounded"),
    (("autoscaler.yaml", "spec", "scaleTargetRef", "name"), "gateway", "autoscaler.yaml: scales nothing"),
    (
        ("autoscaler.yaml", "spec", "metrics", 0, "pods", "metric", "name"),
        "enface_queue",
        "autoscaler.yaml: no metric enface_queue",
    ),
    (
        ("prometheus-adapter.yaml", "rules", "custom", 0, "name", "as"),
        "queue",
        "prometheus-adapter.yaml: not the autoscaler's metric",
    ),
    (("kustomization.yaml", "resources"), ["deployment.yaml"], "service.yaml: taken by none"),
    (("kustomization.yaml", "images", 0, "newTag"), "latest", "kustomization.yaml: no fixed tag for enface-serving"),
    (("service.yaml", "metadata", "namespace"), "enface", "a namespace"),
]


def broken(path: tuple[str | int, ...], value: Any) -> Manifests:
    found = copy.deepcopy(manifests())
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    assert place.get(path[-1]) != value if isinstance(place, dict) else place[path[-1]] != value
    place[path[-1]] = value
    return found


def test_every_manifest_fits_its_schema():
    assert faults_of_schemas(manifests()) == []


def test_the_manifests_fit_one_another_and_the_gateway():
    assert faults_of_fit(manifests()) == []


@pytest.mark.parametrize(("path", "value", "fault"), BREAKS, ids=[fault for *_, fault in BREAKS])
def test_a_broken_manifest_is_refused(path, value, fault):
    assert fault in faults_of_fit(broken(path, value))


def test_a_field_that_no_cluster_knows_is_refused():
    found = broken((*GATEWAY, "livenesProbe"), {})
    [fault] = faults_of_schemas({"deployment.yaml": found["deployment.yaml"]})
    assert fault.startswith("deployment.yaml spec.template.spec.containers.0: Additional properties are not allowed")


@pytest.mark.parametrize("components", [[], ["bundle-volume"]], ids=["baked", "on a volume"])
def test_kustomize_makes_manifests_of_it(components, tmp_path):
    kubectl = shutil.which("kubectl")
    if not kubectl:
        pytest.skip("kubectl is not installed")
    copied = shutil.copytree(FOLDER, tmp_path / "kubernetes")
    top = yaml.safe_load((copied / "kustomization.yaml").read_text()) | {"components": components}
    (copied / "kustomization.yaml").write_text(yaml.safe_dump(top))
    done = subprocess.run([kubectl, "kustomize", copied], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    made = {document["kind"]: document for document in yaml.safe_load_all(done.stdout)}
    for document in made.values():
        kubernetes_validate.validate(document, VERSION, strict=True)
    [container] = made["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["image"].startswith("registry.example.org/enface-serving:")
    assert ("/bundle" in {mount["mountPath"] for mount in container["volumeMounts"]}) == bool(components)
