/// Declarations, credentials and the surroundings of a target to the resources that should exist
/// there.
///
/// Pure: everything it needs comes in as a value. Secrets leave it in two forms: sealed in the
/// resources, and as payloads that only a target's apply step opens.
@NullMarked
package dev.tidewaiter.desired;

import org.jspecify.annotations.NullMarked;
