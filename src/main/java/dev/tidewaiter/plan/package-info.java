/// Desired and observed resources to a plan of changes, and the guard that holds back too many
/// withdrawals.
///
/// Pure: no clock, no I/O, no third-party type, no plaintext of a secret. Start reading here:
/// `Planner` is the heart of the product.
@NullMarked
package dev.tidewaiter.plan;

import org.jspecify.annotations.NullMarked;
