package dev.tidewaiter.model;

/// A keyed digest that stands for a secret value in one field of one resource.
///
/// Two seals made by one [Sealer] for the same resource and field are equal exactly if the values
/// are. Seals of different processes, resources or fields never compare equal, so a seal can be
/// shown, but nobody can find out with it which secrets are the same.
///
/// @param digest 64 lower-case hexadecimal digits
public record Seal(String digest) {
  @Override
  public String toString() {
    return "sealed";
  }
}
