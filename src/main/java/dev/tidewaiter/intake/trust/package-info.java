/// Looking at the certificates that a registry presents, so that a person can decide whether to
/// trust them.
///
/// Nothing here trusts anything: no credential is sent, no file is written, and what is fetched is
/// shown as what it is, a claim of whoever answered.
@NullMarked
package dev.tidewaiter.intake.trust;

import org.jspecify.annotations.NullMarked;
