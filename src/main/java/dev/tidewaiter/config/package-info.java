/// A snapshot of files to declarations, or to all its problems; and the daemon's own configuration.
///
/// `schema/` is the reference: every document is validated against it first, then against the other
/// documents. A revision with one problem is rejected as a whole.
@NullMarked
package dev.tidewaiter.config;

import org.jspecify.annotations.NullMarked;
