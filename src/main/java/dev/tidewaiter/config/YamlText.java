package dev.tidewaiter.config;

import dev.tidewaiter.model.Visible;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Writes maps, lists and scalars as block-style YAML, in which everything is [Visible].
public final class YamlText {
  private YamlText() {}

  /// @param tree made of maps, lists, texts, numbers, booleans and nulls
  public static String of(Object tree) {
    String text = dumped(tree, true);
    return text.equals(Visible.lines(text)) ? text : dumped(tree, false);
  }

  /// @param unicode whether more than ASCII stands as it is; else it is escaped
  private static String dumped(Object tree, boolean unicode) {
    // By the schema of YAML 1.2 that has `~` and `0x1f` too, so that such texts are quoted.
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setUseUnicodeEncoding(unicode)
            .setSchema(new CoreSchema())
            .build();
    return new Dump(settings).dumpToString(tree);
  }
}
