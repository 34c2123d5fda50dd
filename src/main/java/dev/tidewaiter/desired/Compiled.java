package dev.tidewaiter.desired;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The result of compiling one environment for one target.
///
/// @param resources sorted by id
/// @param payloads the secret side of the resources; for targets only
/// @param contestedScopes namespaces that more than one environment claims and this one does not
///   hold: to whom each belongs; on a host the runtime takes the namespace's place
/// @param leftAlone scopes in which the planner must do nothing: the contested ones, and namespaces
///   that are going away
/// @param superseded names of registries that lost their address to one added later
/// @param absentServiceAccounts how many named ServiceAccounts do not exist, over all selected
///   namespaces; they are served when they appear
/// @param governance what governs the images of pods in a cluster; null on a host, and where the
///   environment has no policy, no inactive registry, and injects nothing
/// @param hostGovernance what governs the pulls of a host; null in a cluster, and where the
///   environment has neither a policy nor an inactive registry, and the runtimes lack nothing
/// @param scopeId stable digest of environment, target and declarations without `prune`, without
///   secrets, revision or observed state
public record Compiled(
    List<Resource> resources,
    Payloads payloads,
    Map<String, String> contestedScopes,
    Set<String> leftAlone,
    List<String> superseded,
    int absentServiceAccounts,
    @Nullable Governance governance,
    @Nullable HostGovernance hostGovernance,
    String scopeId) {
  public Compiled {
    resources = resources.stream().sorted(Comparator.comparing(Resource::id)).toList();
    contestedScopes = Map.copyOf(contestedScopes);
    leftAlone = Set.copyOf(leftAlone);
    superseded = List.copyOf(superseded);
  }

  /// Payloads by resource and field.
  public interface Payloads {
    /// @return null if the field needs none, being plain or withheld
    @Nullable Payload find(ResourceId resource, String field);
  }
}
