package dev.tidewaiter.desired;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The resources and payloads of one compilation while they are put together.
final class Assembly {
  private final Sealer sealer;
  private final SortedMap<ResourceId, Resource> resources = new TreeMap<>();
  // By field: within one environment an `auths` key has one credential, wherever it is written.
  private final Map<String, Payload> auths = new HashMap<>();
  private final Map<ResourceId, Payload> texts = new HashMap<>();
  private final Map<Place, Payload> authorizations = new HashMap<>();
  private int absentServiceAccounts;
  private @Nullable Governance governance;
  private @Nullable HostGovernance hostGovernance;

  /// A field of a resource.
  private record Place(ResourceId id, String field) {}

  Assembly(Sealer sealer) {
    this.sealer = sealer;
  }

  /// Adds a resource, unless it has no field: then there is nothing to have.
  void add(ResourceId id, SortedMap<String, DesiredField> fields) {
    if (!fields.isEmpty()) {
      resources.put(id, new Resource(id, fields));
    }
  }

  boolean has(ResourceId id) {
    return resources.containsKey(id);
  }

  void countAbsentServiceAccounts(int count) {
    absentServiceAccounts += count;
  }

  void govern(Governance governance) {
    this.governance = governance;
  }

  /// @param governance null if there is nothing to tell
  void govern(@Nullable HostGovernance governance) {
    this.hostGovernance = governance;
  }

  /// The credential for an endpoint of a `hosts.toml`, as its field, and its payload. It goes into
  /// a header, which has no place for an e-mail.
  DesiredField authorization(ResourceId id, String field, Credential credential) {
    var shown =
        new Credential(credential.username(), credential.password(), null, credential.issuance());
    authorizations.put(new Place(id, field), new Payload.Auth(shown));
    return new DesiredField.Known(value(id, field, shown), Served.origin(credential));
  }

  /// The `auths` entries of a resource, one for each registry that has a credential.
  SortedMap<String, DesiredField> authFields(ResourceId id, List<Served> registries) {
    return authFields(id, registries, Served::authField);
  }

  /// The same.
  ///
  /// @param naming the field of an entry
  SortedMap<String, DesiredField> authFields(
      ResourceId id, List<Served> registries, Function<Served, String> naming) {
    var fields = new TreeMap<String, DesiredField>();
    for (Served served : registries) {
      String field = naming.apply(served);
      switch (served.material().credential()) {
        case Minted.Ready(Credential credential) -> {
          auths.computeIfAbsent(field, _ -> new Payload.Auth(credential));
          fields.put(
              field,
              new DesiredField.Known(value(id, field, credential), Served.origin(credential)));
        }
        case Minted.Withheld(_, String reason) ->
            fields.put(field, new DesiredField.Withheld(reason));
        case Minted.None() -> {}
      }
    }
    return fields;
  }

  private FieldValue value(ResourceId id, String field, Credential credential) {
    Seal seal = sealer.seal(id, field, credential.sealable());
    Issuance issuance = credential.issuance();
    return issuance == null ? new FieldValue.Sealed(seal) : new FieldValue.Minted(seal, issuance);
  }

  FieldValue sealed(ResourceId id, String field, Secret value) {
    return new FieldValue.Sealed(sealer.seal(id, field, value));
  }

  /// Keeps the text that the field `content` of a resource stands for.
  void keepText(ResourceId id, Secret text) {
    texts.put(id, new Payload.Text(text));
  }

  Compiled compiled(Compilation compilation, Map<String, String> contested, Set<String> leftAlone) {
    Set<String> superseded = Served.superseded(compilation).keySet();
    return new Compiled(
        List.copyOf(resources.values()),
        new Table(Map.copyOf(auths), Map.copyOf(texts), Map.copyOf(authorizations)),
        contested,
        leftAlone,
        superseded.stream().sorted().toList(),
        absentServiceAccounts,
        governance,
        hostGovernance,
        ScopeId.of(compilation));
  }

  private record Table(
      Map<String, Payload> auths,
      Map<ResourceId, Payload> texts,
      Map<Place, Payload> authorizations)
      implements Compiled.Payloads {
    @Override
    public @Nullable Payload find(ResourceId resource, String field) {
      return switch (resource.kind()) {
        case PULL_SECRET, USER_CREDENTIALS, NODE_CREDENTIALS -> auths.get(field);
        case REGISTRY_HOST -> authorizations.get(new Place(resource, field));
        case CERTIFICATE_FILE, TRUSTED_CERTIFICATE ->
            field.equals(HostResources.CONTENT) ? texts.get(resource) : null;
        case RUNTIME_SETTINGS,
            INSECURE_REGISTRIES,
            REGISTRY_MIRRORS,
            REGISTRIES_DROP_IN,
            DENIAL,
            SIGNATURE_POLICY,
            SERVICE_ACCOUNT,
            ALLOW_POLICY,
            ALLOW_BINDING,
            DEFAULT_POLICY,
            DEFAULT_BINDING ->
            null;
      };
    }
  }
}
