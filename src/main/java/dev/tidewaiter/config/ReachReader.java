package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.Aws;
import dev.tidewaiter.config.DaemonConfiguration.Google;
import dev.tidewaiter.config.DaemonConfiguration.Probe;
import dev.tidewaiter.model.GoogleAddress;
import dev.tidewaiter.model.Network;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.List;

/// The parts `aws`, `google` and `probe` of a daemon's configuration: what declarations may reach
/// through this daemon.
final class ReachReader {
  private final List<Problem> problems;

  /// @param problems receives what the schema could not see
  ReachReader(List<Problem> problems) {
    this.problems = problems;
  }

  Aws aws(Fields aws) {
    return new Aws(aws.texts("allowedRoles"), aws.texts("ambientIdentity"));
  }

  Google google(Fields google) {
    for (Fields entry : google.each("ambientIdentity")) {
      if (RegistryAddress.mistakeIn(entry.self()).isEmpty()
          && !GoogleAddress.is(new RegistryAddress(entry.self()))) {
        problems.add(
            entry.problem(
                "",
                "is no registry of Google",
                "Write an address such as `europe-west1-docker.pkg.dev` or `gcr.io`."));
      }
    }
    return new Google(Addresses.in(google, "ambientIdentity", problems));
  }

  Probe probe(Fields probe) {
    List<Network> denied = new ArrayList<>();
    for (Fields network : probe.each("deniedNetworks")) {
      Network.mistakeIn(network.self())
          .ifPresentOrElse(
              hint -> problems.add(network.problem("", "is no network", hint)),
              () -> denied.add(Network.parse(network.self())));
    }
    // A token server has the form of a registry's address.
    List<RegistryAddress> servers = Addresses.in(probe, "tokenServers", problems);
    return new Probe(servers.stream().map(RegistryAddress::text).toList(), denied);
  }
}
