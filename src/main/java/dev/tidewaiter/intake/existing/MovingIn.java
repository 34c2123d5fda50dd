package dev.tidewaiter.intake.existing;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.intake.existing.NewFolder.Readers;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.secrets.SecretWriter;
import dev.tidewaiter.secrets.SecretWriter.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Carries a proposal out: declarations into one new folder, secrets to Vault or into another.
///
/// In this order, so that declarations never appear without their secrets: what the loader rejects
/// ends it before anything is written; both folders are made out of sight; Vault is written; the
/// folders appear, the secrets' first. Doing it again after a failure finds in Vault what it wrote.
public final class MovingIn {
  /// Where things go.
  ///
  /// @param declarations a folder that is not there or empty
  /// @param commands one for the writes to Vault as a script; null if they are carried out
  public record Places(Path declarations, @Nullable Path commands) {}

  /// What came of it.
  public sealed interface Ended {
    /// The declarations are there.
    ///
    /// @param notes of the loader
    /// @param commands whether there is a script to run
    /// @param written by registry, what came of writing its secrets to Vault; empty if they were
    ///   not to be written
    /// @param settings for the daemon's configuration, as YAML
    record Done(
        List<Problem> notes, boolean commands, Map<String, Written> written, String settings)
        implements Ended {
      /// Whether Vault has something else where a secret was to go.
      public boolean hasConflict() {
        return written.values().stream().anyMatch(Written.Different.class::isInstance);
      }
    }

    /// A place is taken; nothing was written.
    record Taken(Path place) implements Ended {}

    /// The loader rejects the declarations; nothing was written.
    record Rejected(List<Problem> problems) implements Ended {}

    /// Vault could not be written; no file was.
    record VaultFailed(List<String> reasons) implements Ended {}
  }

  private final Places places;
  private final @Nullable SecretWriter vault;

  /// @param vault null if the writes become a script
  public MovingIn(Places places, @Nullable SecretWriter vault) {
    this.places = places;
    this.vault = vault;
  }

  /// @throws IOException if a folder cannot be written
  public Ended carryOut(Proposal proposal) throws IOException {
    for (Path place : all(places)) {
      if (!NewFolder.isFree(place)) {
        return new Ended.Taken(place);
      }
    }
    SortedMap<String, String> files = DeclarationFiles.of(proposal);
    return switch (load(files)) {
      case Loaded.Rejected(List<Problem> problems) -> new Ended.Rejected(problems);
      case Loaded.Accepted(_, List<Problem> notes) -> write(proposal, files, notes);
    };
  }

  private static List<Path> all(Places places) {
    return places.commands() == null
        ? List.of(places.declarations())
        : List.of(places.declarations(), places.commands());
  }

  private static Loaded load(SortedMap<String, String> files) {
    var entries = new ArrayList<SnapshotEntry>();
    files.forEach(
        (path, text) ->
            entries.add(new SnapshotEntry.File(path, path, FileContent.of(utf8(text)))));
    return new DeclarationLoader()
        .load(new Snapshot(null, entries), LoadContext.validating(null, AdditionOrder.unknown()));
  }

  private Ended write(Proposal proposal, SortedMap<String, String> files, List<Problem> notes)
      throws IOException {
    SortedMap<String, Secret> commands = VaultCommands.of(proposal);
    Path aside = commands.isEmpty() ? null : places.commands();
    try (NewFolder declarations = NewFolder.begin(places.declarations(), Readers.EVERYBODY);
        NewFolder secrets = aside == null ? null : NewFolder.begin(aside, Readers.OWNER)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        declarations.write(file.getKey(), utf8(file.getValue()));
      }
      if (secrets != null) {
        write(secrets, commands);
      }
      Map<String, Written> written =
          vault == null ? Map.of() : VaultWrites.carryOut(proposal, vault);
      List<String> failures = VaultWrites.failures(written);
      if (!failures.isEmpty()) {
        return new Ended.VaultFailed(failures);
      }
      if (secrets != null) {
        secrets.appear();
      }
      declarations.appear();
      return new Ended.Done(notes, secrets != null, written, DaemonSettings.of(proposal));
    }
  }

  private static void write(NewFolder folder, SortedMap<String, Secret> commands)
      throws IOException {
    for (Map.Entry<String, Secret> file : commands.entrySet()) {
      byte[] content = utf8(file.getValue().reveal());
      if (file.getKey().equals(VaultCommands.SCRIPT)) {
        folder.writeProgram(file.getKey(), content);
      } else {
        folder.write(file.getKey(), content);
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
