package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.certsd.CertificateFiles;
import dev.tidewaiter.target.host.certsd.Denials;
import dev.tidewaiter.target.host.certsd.HostsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// A runtime that is nothing but its `certs.d`.
final class HostsRuntime implements HostRuntime {
  private final HostsFiles hosts;
  private final CertificateFiles certificates;

  HostsRuntime(FileChanges changes, Sealer sealer, Path root) {
    this.hosts = new HostsFiles(changes, sealer, Denials.UNASKED);
    this.certificates = new CertificateFiles(changes, sealer);
  }

  @Override
  public String name() {
    return "containerd";
  }

  @Override
  public Optional<RuntimeFacts> facts() {
    return Optional.empty();
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    return id.kind() == ResourceKind.CERTIFICATE_FILE
        ? certificates.observe(environment, id)
        : hosts.observe(environment, id);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    return change.id().kind() == ResourceKind.CERTIFICATE_FILE
        ? certificates.apply(environment, change, payloads)
        : hosts.apply(environment, change, payloads);
  }

  @Override
  public Set<HostPath> directories() {
    return Set.of();
  }
}
