package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which registries images may come from, and where images without a host are pulled from.
///
/// @param defaultRegistry `host[:port][/path]`; null for none
/// @param allowedRegistries each `host[:port][/path]`; null for no limit, never empty
public record RegistryPolicy(
    String name,
    Place place,
    @Nullable String defaultRegistry,
    @Nullable List<String> allowedRegistries) {}
