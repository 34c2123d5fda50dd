/// The real servers that the tests run against: starts and stops them on free loopback ports.
@NullMarked
package dev.tidewaiter.testbed;

import org.jspecify.annotations.NullMarked;
