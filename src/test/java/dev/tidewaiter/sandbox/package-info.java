/// The quickstart: everything the daemon talks to, as stand-ins on loopback, and the real daemon
/// between them; and the rehearsal, in which `make build` records what an `apply` loads.
///
/// It may use what tests may, and is in no shipped jar. Only [Sandbox] and [Rehearsal] know the
/// daemon, and only by its command line.
@NullMarked
package dev.tidewaiter.sandbox;

import org.jspecify.annotations.NullMarked;
