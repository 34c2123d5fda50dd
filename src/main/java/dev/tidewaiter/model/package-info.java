/// The values that every package shares: addresses, secrets and their seals, resources, problems.
///
/// Depends on nothing but the JDK, does no I/O, reads no clock. A value validates itself when it is
/// made, so whoever holds one need not check it again.
@NullMarked
package dev.tidewaiter.model;

import org.jspecify.annotations.NullMarked;
