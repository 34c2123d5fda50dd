/// The quickstart: everything the daemon talks to, as stand-ins on loopback, and the real daemon
/// between them.
///
/// It may use what tests may, and is in no shipped jar. Only [Sandbox] knows the daemon, and only
/// by its command line.
@NullMarked
package dev.tidewaiter.sandbox;

import org.jspecify.annotations.NullMarked;
