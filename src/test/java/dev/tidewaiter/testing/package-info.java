/// Fakes of our own ports, which keep state, and what tests of many packages need.
@NullMarked
package dev.tidewaiter.testing;

import org.jspecify.annotations.NullMarked;
