/// Targets: where state is applied, a cluster or a host. The port, and what an application can come
/// to.
@NullMarked
package dev.tidewaiter.target;

import org.jspecify.annotations.NullMarked;
