/// What already gives access to registries, as declarations: pull Secrets of clusters, and the
/// files of container runtimes.
///
/// What is found becomes a proposal, and the proposal becomes files that a loader has accepted
/// before one of them is written. A secret goes to Vault, or into a file that only its owner reads,
/// and nowhere else. Nothing that exists is changed.
@NullMarked
package dev.tidewaiter.intake.existing;

import org.jspecify.annotations.NullMarked;
