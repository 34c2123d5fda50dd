/// The probe: asks a registry over the OCI distribution protocol whether it takes a credential and
/// has images, without ever downloading one.
///
/// Whom a credential may be sent to, which addresses are connected to and how much is read are laws
/// of this package (design, chapter 10), each in one place: [TokenServers], [CheckedNames] with
/// [dev.tidewaiter.registry.DeniedAddresses], [Wire]. The HTTP client and its list of public
/// suffixes have their only home here. No reason for people quotes a body, a header or an
/// exception: a registry could have put there what it was sent.
///
/// Sources: [OCI
/// distribution](https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md), [token
/// authentication](https://distribution.github.io/distribution/spec/auth/token/), [RFC
/// 9110](https://www.rfc-editor.org/rfc/rfc9110#section-11).
@NullMarked
package dev.tidewaiter.registry.oci;

import org.jspecify.annotations.NullMarked;
