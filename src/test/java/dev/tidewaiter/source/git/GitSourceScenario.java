package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import dev.tidewaiter.source.git.GitSettings.Reference;
import dev.tidewaiter.testbed.GitRepository;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A repository, and sources that follow it with one clone.
abstract class GitSourceScenario {
  static final Reference MAIN = new Reference.Branch("main");

  @TempDir Path temporary;
  GitRepository repository;

  @BeforeEach
  void createRepository() {
    repository = GitRepository.create(temporary);
  }

  static List<String> texts(GitSource source, Revision revision) throws SourceException {
    return source.snapshot(revision).entries().stream()
        .map(SnapshotEntry.File.class::cast)
        .map(
            file -> file.path() + ": " + new String(file.content().bytes(), StandardCharsets.UTF_8))
        .toList();
  }

  static Revision commitOf(String id) {
    return new Revision(id);
  }

  Path directory() {
    return temporary.resolve("state/repository");
  }

  GitSource source(Reference reference, String path) {
    return new GitSource(settings(repository.url(), reference, path));
  }

  GitSettings settings(URI url, Reference reference, String path) {
    return new GitSettings(url, reference, path, new Login.None(), null, null, directory());
  }
}
