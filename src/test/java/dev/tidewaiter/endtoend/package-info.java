/// The product as a whole, as processes: real Git repositories, a real Vault and a real API server,
/// with the rights of the shipped RBAC manifest and none besides.
@NullMarked
package dev.tidewaiter.endtoend;

import org.jspecify.annotations.NullMarked;
