/// HTTP: whether the daemon lives, whether it is ready, and the status of everything as JSON.
///
/// Shows no secret and changes nothing. The only home of the HTTP server.
@NullMarked
package dev.tidewaiter.serve;

import org.jspecify.annotations.NullMarked;
