/// Pure rules on images: which registries they may come from, and where those without a host do.
///
/// Depends on the shared values alone: no clock, no I/O, no third-party type.
@NullMarked
package dev.tidewaiter.policy;

import org.jspecify.annotations.NullMarked;
