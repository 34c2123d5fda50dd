package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.SortedMap;
import java.util.function.Function;

/// The logins of users of a host.
record UserResources(HostIntent intent, RuntimeFacts runtime, Assembly assembly) {
  /// @param field the field of a registry's entry, as the runtime's clients look for it
  void add(Function<Served, String> field) {
    if (runtime.can(Capability.USER_CREDENTIALS)) {
      intent.hosts().users().forEach(user -> add(user, field));
    }
  }

  // A user who is not found may be gone, or unknown for a moment (a directory service that is
  // away): what was written for them stays. Only Git takes a user's credentials away.
  private void add(String user, Function<Served, String> field) {
    var id = new ResourceId(ResourceKind.USER_CREDENTIALS, runtime.scope(), user);
    SortedMap<String, DesiredField> fields = assembly.authFields(id, intent.served(), field);
    if (!intent.found().contains(user)) {
      fields.replaceAll(
          (_, _) -> new DesiredField.Withheld("user `" + user + "` is not found on this host"));
    }
    assembly.add(id, fields);
  }
}
