/// The kubelet of a node: credentials for every pull that a pod of the node causes, whoever owns
/// the pod.
///
/// The kubelet pulls nothing itself; all else is a matter of the runtime beneath it.
@NullMarked
package dev.tidewaiter.target.host.kubelet;

import org.jspecify.annotations.NullMarked;
