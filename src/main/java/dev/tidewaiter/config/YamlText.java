package dev.tidewaiter.config;

import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes maps, lists and scalars as block-style YAML.
public final class YamlText {
  private YamlText() {}

  /// @param tree made of maps, lists, texts, numbers, booleans and nulls
  public static String of(Object tree) {
    // By the schema of YAML 1.2 that has `~` and `0x1f` too, so that such texts are quoted.
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSchema(new CoreSchema())
            .build();
    return new Dump(settings).dumpToString(tree);
  }
}
