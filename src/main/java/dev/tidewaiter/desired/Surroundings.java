package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What there is on a target that declarations select from.
public sealed interface Surroundings {
  /// A cluster's namespaces.
  ///
  /// @param namespaces by name; terminating ones are included and marked
  record Cluster(SortedMap<String, Namespace> namespaces, Admission admission)
      implements Surroundings {}

  /// @param projectId the Rancher project, from the annotation `field.cattle.io/projectId`; empty
  ///   for none
  /// @param serviceAccounts names of those that exist
  /// @param ownedBy environments of this instance that own resources here, or an owner of another
  ///   instance in words, which no environment's name can be: with a space or a slash
  record Namespace(
      String name,
      Map<String, String> labels,
      String projectId,
      boolean terminating,
      List<String> serviceAccounts,
      List<String> ownedBy) {}

  /// A host.
  ///
  /// @param runtimes found on it, one for each scope
  /// @param users by name, with the home directory
  /// @param ownedBy environments of this instance that own resources here
  /// @param unknown scopes of runtimes of which it could not be told whether the host has them, or
  ///   what they can, and why: nothing is planned there
  record Host(
      Map<String, String> labels,
      List<RuntimeFacts> runtimes,
      Map<String, String> users,
      List<String> ownedBy,
      SortedMap<String, String> unknown)
      implements Surroundings {
    /// A host that could be asked about everything.
    public Host(
        Map<String, String> labels,
        List<RuntimeFacts> runtimes,
        Map<String, String> users,
        List<String> ownedBy) {
      this(labels, runtimes, users, ownedBy, new TreeMap<>());
    }

    /// Whether an Active environment wants this host, whatever runtimes it has now.
    public boolean isSelectedBy(Environment environment) {
      return HostClaims.selects(environment, this);
    }

    /// What of the unknown an environment would manage, or may own something in.
    public SortedMap<String, String> unknownTo(Environment environment) {
      return HostClaims.unknown(environment, this);
    }
  }
}
