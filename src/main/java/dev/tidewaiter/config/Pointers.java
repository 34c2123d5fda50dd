package dev.tidewaiter.config;

/// JSON pointers as people write paths: `/spec/registries/0` is `spec.registries[0]`.
final class Pointers {
  private Pointers() {}

  static String path(String pointer) {
    var path = new StringBuilder();
    for (String part : pointer.substring(1).split("/", -1)) {
      String name = part.replace("~1", "/").replace("~0", "~");
      boolean index = !name.isEmpty() && name.chars().allMatch(Character::isDigit);
      if (index) {
        path.append('[').append(name).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(name);
      }
    }
    return path.toString();
  }
}
