/// Targets: where state is applied, a cluster or a host. The port, what an application can come to,
/// and the processes that targets start.
@NullMarked
package dev.tidewaiter.target;

import org.jspecify.annotations.NullMarked;
