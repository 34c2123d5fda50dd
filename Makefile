# Every way to build, check and run Tidewaiter. Needs Maven and a JDK of release 25 or newer, which it finds by itself.

.PHONY: help run test check fmt matrix build dist bench soak clean java
.DEFAULT_GOAL := help

export JAVA_HOME := $(shell . src/main/launcher/find-java; find_java javac; echo "$$java_home")

# Warnings and the test runner's summary are shown, the rest of Maven's talk is not.
log := -Dorg.slf4j.simpleLogger
testbed := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/tidewaiter/testbed
mvn := mvn -B $(log).defaultLogLevel=warn $(log).log.org.apache.maven.plugin.surefire=info \
  -Dtestbed.directory="$(testbed)"
java := $(JAVA_HOME)/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx200m \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
dist := target/dist
# Who the sandbox's daemon is for Amazon, whose stand-in takes everybody.
identity := AWS_ACCESS_KEY_ID=AKIASANDBOX000000000 AWS_SECRET_ACCESS_KEY=sandbox
# Quoted when used: a shell reads it after Maven has written the file.
test_classpath = "target/test-classes:target/classes:$$(cat target/test.classpath)"

help: ## print this
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile

run: java ## run the sandbox, or with CONFIG=file the daemon on real servers
	@$(mvn) test-compile
	@exec env $(if $(CONFIG),,$(identity)) $(java) -XX:-UsePerfData -cp $(test_classpath) $(if $(CONFIG),dev.tidewaiter.cli.Main run --config "$(CONFIG)",dev.tidewaiter.sandbox.Sandbox)

test: java ## run all tests, also those that need real servers
	@rm -f target/matrix.tsv
	@$(mvn) verify -Dskip.it=false

check: java ## check format, code and dependencies, and run the unit tests
	@$(mvn) verify

fmt: java ## format the code
	@$(mvn) spotless:apply

matrix: java ## write what the last `make test` has shown of runtimes into the README
	@exec $(java) -cp $(test_classpath) dev.tidewaiter.testbed.MatrixTable $(arguments)

build: java ## assemble target/dist, with its own Java runtime and a launcher that starts fast
	@rm -rf $(dist)
	@$(mvn) package -Dmaven.test.skip=true
	@mkdir $(dist)/bin
	@cp src/main/launcher/tidewaiter $(dist)/bin/
	@cp src/main/launcher/find-java target/tidewaiter.jar $(dist)/lib/
	@cp -r src/main/kubernetes src/main/systemd README.md LICENSE $(dist)/
	@src/main/launcher/unsign $(dist)
	@src/main/launcher/link $(dist)
	@src/main/launcher/train $(dist) "target/classes:$$(cat target/test.classpath)"
	@echo "$(dist)/bin/tidewaiter"

dist: build ## archive target/dist: all that a host without Java needs
	@src/main/launcher/archive $(dist) target

bench: build ## measure writing 10,000 pull Secrets beside a raw writer
	@src/test/testbed/build.sh "$(testbed)" etcd kube-apiserver vault rawwriter
	@$(mvn) test-compile
	@exec $(java) -Dtidewaiter.testbed="$(testbed)" -Dlogback.configurationFile=logback-of-tests.xml -cp $(test_classpath) dev.tidewaiter.bench.Bench

soak: java ## run the tests tagged `soak` in their long form
	@$(mvn) test-compile surefire:test@integration -Dskip.it=false -Dgroups=soak -Dsoak=true -DfailIfNoTests=true

clean: ## remove target
	@rm -rf target

java:
	@[ -n "$(JAVA_HOME)" ] || { echo "No JDK 25 was found. Install one, or let JAVA_HOME name it." >&2; exit 1; }
