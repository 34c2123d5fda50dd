package dev.tidewaiter.target;

/// Something that happened on a target.
///
/// @param scope the namespace or runtime it happened in;
///   [dev.tidewaiter.model.ResourceId#CLUSTER_WIDE] for what belongs to no namespace
/// @param reason for the log, such as `namespace appeared` or `Secret changed`
public record TargetEvent(String scope, String reason) {}
