/// A config repository in Git, over https, ssh or a file URL.
///
/// The only home of JGit. A bare clone in the state directory is kept in step with one branch, tag
/// or pinned revision, and read from its object database; what is damaged is cloned anew. Nothing
/// of the user's or the machine's Git configuration is read, and no hook or credential helper runs.
@NullMarked
package dev.tidewaiter.source.git;

import org.jspecify.annotations.NullMarked;
