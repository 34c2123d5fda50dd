/// Rounds and cycles: when they run, what they do, what they report.
///
/// A `Round` finds out what should be, once per daemon; a `Cycle` makes one environment so on one
/// target. Both only join the steps of other packages; `ReconcileLoop` says when. Nothing here
/// knows a cluster, a host or a secret store by name.
@NullMarked
package dev.tidewaiter.reconcile;

import org.jspecify.annotations.NullMarked;
