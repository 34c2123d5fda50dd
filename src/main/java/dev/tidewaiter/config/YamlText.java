package dev.tidewaiter.config;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Writes maps, lists and scalars as block-style YAML.
public final class YamlText {
  private YamlText() {}

  /// @param tree made of maps, lists, texts, numbers, booleans and nulls
  public static String of(Object tree) {
    var settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return new Dump(settings).dumpToString(tree);
  }
}
