/// Hosts: what all runtimes share. The port for a runtime, files that are changed without following
/// a link, and the state file that remembers what is ours and what was there before.
///
/// Depends on no runtime; each has a sub-package. Whatever is written here survives a crash between
/// any two system calls: the intent is recorded first, and the next application finishes.
@NullMarked
package dev.tidewaiter.target.host;

import org.jspecify.annotations.NullMarked;
