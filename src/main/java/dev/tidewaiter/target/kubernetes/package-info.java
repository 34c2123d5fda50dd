/// A Kubernetes cluster as a target: pull Secrets and the entries of ServiceAccounts that name
/// them.
///
/// What is there comes from watches that keep metadata and seals, never content. What is written is
/// read, changed and sent back with its `resourceVersion` as precondition; nothing is ever deleted
/// to be created again, and nothing is ever written by server-side apply. The only home of fabric8,
/// of which only the connection is used: requests and answers are our own.
@NullMarked
package dev.tidewaiter.target.kubernetes;

import org.jspecify.annotations.NullMarked;
