package dev.tidewaiter.cli;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The words of an option that takes one of several, in any case; they are told as they are
/// written.
record WordConverter<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {
  @Override
  public E convert(String word) {
    List<E> known = List.of(type.getEnumConstants());
    return known.stream()
        .filter(constant -> constant.toString().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of "
                        + String.join(", ", known.stream().map(Enum::toString).toList())
                        + " but was '"
                        + word
                        + "'"));
  }
}
