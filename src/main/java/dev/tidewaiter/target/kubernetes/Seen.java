package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.plan.Holding.Adoption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What the daemon keeps of an object of the cluster: never a Secret's content.
sealed interface Seen {
  Identity identity();

  /// Who else wrote it last; empty if nobody is named, or we did.
  default String writer() {
    return "";
  }

  /// Whether somebody who acts on this object would do the same on the other: the version alone
  /// does not count.
  boolean sameAs(Seen other);

  /// @param namespace empty for a namespace itself
  /// @param version `metadata.resourceVersion`, which grows with each write to the object. Compared
  ///   as a number, as [KEP-5504](https://github.com/kubernetes/enhancements/issues/5504)
  ///   guarantees and etcd has always made it
  record Identity(String namespace, String name, String uid, long version) {
    String key() {
      return namespace + "/" + name;
    }
  }

  record SeenNamespace(
      Identity identity, Map<String, String> labels, String projectId, boolean terminating)
      implements Seen {
    @Override
    public boolean sameAs(Seen other) {
      return other instanceof SeenNamespace namespace
          && labels.equals(namespace.labels)
          && projectId.equals(namespace.projectId)
          && terminating == namespace.terminating;
    }
  }

  /// @param entries names in `imagePullSecrets`, in order
  /// @param recorded which of them are whose, by `instance/environment`
  record SeenAccount(
      Identity identity, List<String> entries, Map<String, List<String>> recorded, String writer)
      implements Seen {
    @Override
    public boolean sameAs(Seen other) {
      return other instanceof SeenAccount account
          && entries.equals(account.entries)
          && recorded.equals(account.recorded);
    }
  }

  /// @param owner null if it is not Tidewaiter's, of any instance
  /// @param immutable whether it says `immutable: true`
  /// @param fields entries of `auths`, sealed
  record SeenSecret(
      Identity identity,
      String type,
      Marks.@Nullable Owner owner,
      Adoption adoption,
      boolean immutable,
      String writer,
      String retiredAt,
      SortedMap<String, FieldValue> fields)
      implements Seen {
    @Override
    public boolean sameAs(Seen other) {
      return other instanceof SeenSecret secret
          && type.equals(secret.type)
          && java.util.Objects.equals(owner, secret.owner)
          && adoption == secret.adoption
          && immutable == secret.immutable
          && fields.equals(secret.fields);
    }
  }

  /// A policy or a binding.
  ///
  /// @param owner null if it is nobody's, or a copy
  /// @param edited whether what is in force is not what the rules say
  record SeenPolicy(
      Identity identity, Marks.@Nullable Owner owner, Rules rules, boolean edited, String writer)
      implements Seen {
    @Override
    public boolean sameAs(Seen other) {
      return other instanceof SeenPolicy policy
          && java.util.Objects.equals(owner, policy.owner)
          && rules.equals(policy.rules)
          && edited == policy.edited;
    }
  }
}
