/// Secrets from HashiCorp Vault: the KV engine, versions 1 and 2, and what other engines lend.
///
/// The only package that names the Vault driver, and of it only `Rest`, its lowest class: the
/// classes above it put response bodies into their exceptions, repeat requests without back-off,
/// and hide the difference between the kinds of 404 that must be told apart here.
@NullMarked
package dev.tidewaiter.secrets.vault;

import org.jspecify.annotations.NullMarked;
