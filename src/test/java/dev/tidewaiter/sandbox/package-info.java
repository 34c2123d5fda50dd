/// The quickstart: everything the daemon talks to, as stand-ins on loopback, and the real daemon
/// between them.
@NullMarked
package dev.tidewaiter.sandbox;

import org.jspecify.annotations.NullMarked;
