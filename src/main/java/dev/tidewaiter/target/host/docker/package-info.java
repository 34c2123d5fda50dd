/// The Docker adapter: certificates below `certs.d`, `insecure-registries` in `daemon.json`, and
/// entries in users' `config.json`.
///
/// What the engine really does with these files, and when a reload would harm it, is in the sources
/// cited at each check. The engine is asked and signalled only on the machine itself.
@NullMarked
package dev.tidewaiter.target.host.docker;

import org.jspecify.annotations.NullMarked;
