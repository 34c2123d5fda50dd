package dev.tidewaiter.intake.existing;

import dev.tidewaiter.intake.existing.Origin.Namespace;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes a proposal of what was found (pure).
///
/// 1. The same credential for the same registry is one Registry, wherever it was found.
/// 2. A namespace is served one credential for a registry. Of several in it, the one that is found
///    most often is kept, so that as few registries as possible are needed; the others are left.
/// 3. Namespaces that need the same registries are one Environment.
public final class Drafting {
  /// @param pathPrefix where secrets go in Vault: mount first, without a slash at its end
  /// @param environment the name of environments of a cluster without one of its own
  public record Terms(String pathPrefix, String environment) {}

  private final Terms terms;
  private final Names names = new Names();
  private final List<Found.Left> left = new ArrayList<>();
  private final SortedMap<RegistryAddress, List<Draft>> drafts = new TreeMap<>();
  private final SortedMap<RegistryAddress, TlsDraft> tls = new TreeMap<>();
  private final SortedMap<RegistryAddress, Set<String>> mirrors = new TreeMap<>();
  private final SortedMap<RegistryAddress, List<Origin>> tlsOrigins = new TreeMap<>();

  private Drafting(Terms terms) {
    this.terms = terms;
  }

  /// A credential, and where it was found.
  private record Draft(CredentialDraft credential, List<Origin> origins) {}

  public static Proposal of(List<Found> found, Terms terms) {
    var drafting = new Drafting(terms);
    found.forEach(drafting::take);
    drafting.drafts.forEach(drafting::keepOneForEachNamespace);
    return drafting.propose();
  }

  private void take(Found one) {
    switch (one) {
      case Found.Left what -> left.add(what);
      case Found.Trust trust -> {
        tls.merge(trust.address(), trust.tls(), TlsDraft::and);
        tlsOrigins.computeIfAbsent(trust.address(), _ -> new ArrayList<>()).add(trust.origin());
      }
      case Found.Mirror(Origin origin, RegistryAddress address, String mirror) -> {
        mirrors.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(mirror);
        tlsOrigins.computeIfAbsent(address, _ -> new ArrayList<>()).add(origin);
      }
      case Found.Login login -> {
        List<Draft> known = drafts.computeIfAbsent(login.address(), _ -> new ArrayList<>());
        known.stream()
            .filter(draft -> draft.credential().isSameAs(login.credential()))
            .findFirst()
            .orElseGet(
                () -> {
                  var draft = new Draft(login.credential(), new ArrayList<>());
                  known.add(draft);
                  return draft;
                })
            .origins()
            .add(login.origin());
      }
    }
  }

  private void keepOneForEachNamespace(RegistryAddress address, List<Draft> rivals) {
    rivals.sort(Comparator.comparingInt((Draft draft) -> draft.origins().size()).reversed());
    var served = new TreeSet<Namespace>();
    for (Draft draft : rivals) {
      var own = new TreeSet<Namespace>();
      for (Origin origin : List.copyOf(draft.origins())) {
        Namespace namespace = origin.namespace();
        if (namespace != null && served.contains(namespace)) {
          draft.origins().remove(origin);
          left.add(
              new Found.Left(
                  origin,
                  address.text(),
                  "The namespace has another credential for this registry, and one is served."));
        } else if (namespace != null) {
          own.add(namespace);
        }
      }
      served.addAll(own);
    }
    rivals.removeIf(draft -> draft.origins().isEmpty());
  }

  private Proposal propose() {
    var registries = new ArrayList<Proposal.Registry>();
    SortedMap<Namespace, SortedSet<String>> needed = new TreeMap<>();
    var addresses = new TreeSet<>(drafts.keySet());
    addresses.addAll(tls.keySet());
    addresses.addAll(mirrors.keySet());
    for (RegistryAddress address : addresses) {
      List<Origin> certified = tlsOrigins.getOrDefault(address, List.of());
      List<Draft> credentials = drafts.getOrDefault(address, List.of());
      if (credentials.isEmpty()) {
        registries.add(registry(address, new CredentialDraft.Anonymous(), certified));
      }
      for (Draft draft : credentials) {
        var origins = new ArrayList<>(draft.origins());
        origins.addAll(certified);
        Proposal.Registry registry = registry(address, draft.credential(), origins);
        registries.add(registry);
        for (Origin origin : draft.origins()) {
          if (origin.namespace() != null) {
            needed.computeIfAbsent(origin.namespace(), _ -> new TreeSet<>()).add(registry.name());
          }
        }
      }
    }
    return new Proposal(registries, environments(needed), left);
  }

  private Proposal.Registry registry(
      RegistryAddress address, CredentialDraft credential, List<Origin> origins) {
    String name = names.of(address);
    return new Proposal.Registry(
        name,
        address,
        credential,
        tls.getOrDefault(address, TlsDraft.NONE),
        List.copyOf(mirrors.getOrDefault(address, Set.of())),
        origins.stream().distinct().toList(),
        terms.pathPrefix() + "/" + name);
  }

  /// Namespaces that need the same, of one cluster.
  private record Group(String cluster, List<String> registries) {}

  private List<Proposal.Environment> environments(SortedMap<Namespace, SortedSet<String>> needed) {
    var groups = new LinkedHashMap<Group, List<String>>();
    needed.forEach(
        (namespace, registries) ->
            groups
                .computeIfAbsent(
                    new Group(namespace.cluster(), List.copyOf(registries)), _ -> new ArrayList<>())
                .add(namespace.name()));
    var given = new Names();
    // The largest of a cluster gets the plain name.
    return groups.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<Group, List<String>> e) -> e.getKey().cluster())
                .thenComparingInt(e -> -e.getValue().size()))
        .map(e -> environment(given, e.getKey(), e.getValue()))
        .toList();
  }

  private Proposal.Environment environment(Names given, Group group, List<String> namespaces) {
    boolean unnamed = group.cluster().isEmpty();
    return new Proposal.Environment(
        given.of(unnamed ? terms.environment() : group.cluster()),
        unnamed ? null : group.cluster(),
        namespaces,
        group.registries());
  }
}
