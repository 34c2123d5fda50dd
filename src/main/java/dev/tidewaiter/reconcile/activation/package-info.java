/// How far the denials of a policy may go: what a cluster enforces now, which changes of a plan may
/// deny what was admitted, which running workloads they would break, whether they wait until
/// somebody approves, and what was shown of them. Nothing here asks a target or writes to one; a
/// cycle does.
@NullMarked
package dev.tidewaiter.reconcile.activation;

import org.jspecify.annotations.NullMarked;
