/// The rules of `desired` in the terms of an API server: admission policies, their bindings, and
/// the CEL that judges and rewrites images as `policy` does.
///
/// Pure: from a `PolicyObject` to the `spec` of an object of `admissionregistration.k8s.io`. One
/// table of cases, run through Java and through a real API server, holds the two together.
@NullMarked
package dev.tidewaiter.target.kubernetes.admission;

import org.jspecify.annotations.NullMarked;
