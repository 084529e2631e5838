package io.sluice.relay.schema;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata.DefaultCharset;
import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as the server describes them in the binlog before its rows. The
 * description always has the types, character sets and signs. It has names, and the values of ENUM
 * and SET columns, only if the server runs with {@code binlog_row_metadata=FULL}.
 */
final class MappedColumns {

  /** Collation of columns without a character set. */
  private static final int BINARY = 63;

  private final TableMapEventData map;
  private final TableMapEventMetadata metadata;
  private final IntFunction<@Nullable String> charsets;

  /**
   * Reads a description.
   *
   * @param charsets from the number of a collation to the name of its character set
   */
  MappedColumns(TableMapEventData map, IntFunction<@Nullable String> charsets) {
    this.map = map;
    this.metadata =
        Optional.ofNullable(map.getEventMetadata()).orElseGet(TableMapEventMetadata::new);
    this.charsets = charsets;
  }

  int count() {
    return map.getColumnTypes().length;
  }

  /** The names in their order, if the server has written them. */
  Optional<List<String>> names() {
    return Optional.ofNullable(metadata.getColumnNames()).filter(names -> names.size() == count());
  }

  /**
   * The columns' types, in the syntax of CREATE TABLE.
   *
   * @param listed the type of an ENUM or SET column, by its index, if the binlog lacks its values
   */
  List<String> types(IntFunction<String> listed) {
    Iterator<String[]> enums = values(metadata.getEnumStrValues());
    Iterator<String[]> sets = values(metadata.getSetStrValues());
    Iterator<Integer> collations = collations().iterator();
    List<String> types = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      ColumnType type = type(i);
      Iterator<String[]> values = type == ColumnType.ENUM ? enums : sets;
      if (type == ColumnType.ENUM || type == ColumnType.SET) {
        types.add(values.hasNext() ? type + "(" + list(values.next()) + ")" : listed.apply(i));
      } else if (isText(type)) {
        types.add(text(type, i, collations.hasNext() ? collations.next() : 0));
      } else {
        types.add(other(type, i));
      }
      types.set(i, types.get(i) + (map.getColumnNullability().get(i) ? " NULL" : " NOT NULL"));
    }
    return types;
  }

  private static Iterator<String[]> values(@Nullable List<String[]> lists) {
    return lists == null ? List.<String[]>of().iterator() : lists.iterator();
  }

  private static String list(String[] values) {
    return Arrays.stream(values)
        .map(value -> "'" + value.replace("'", "''") + "'")
        .collect(Collectors.joining(","));
  }

  /** ENUM and SET columns have their type in the upper byte of the type's metadata. */
  private ColumnType type(int column) {
    int code = map.getColumnTypes()[column] & 0xff;
    int real = map.getColumnMetadata()[column] >> 8;
    boolean isListed =
        code == ColumnType.STRING.getCode()
            && (real == ColumnType.ENUM.getCode() || real == ColumnType.SET.getCode());
    return ColumnType.byCode(isListed ? real : code);
  }

  private static boolean isText(ColumnType type) {
    return switch (type) {
      case VARCHAR, VAR_STRING, STRING, BLOB, TINY_BLOB, MEDIUM_BLOB, LONG_BLOB -> true;
      default -> false;
    };
  }

  /** The collations of the text columns, in their order. */
  private List<Integer> collations() {
    int texts = (int) IntStream.range(0, count()).filter(i -> isText(type(i))).count();
    @Nullable DefaultCharset common = metadata.getDefaultCharset();
    if (common == null) {
      return Optional.ofNullable(metadata.getColumnCharsets()).orElse(List.of());
    }
    Map<Integer, Integer> others =
        Optional.ofNullable(common.getCharsetCollations()).orElse(Map.of());
    return IntStream.range(0, texts)
        .map(i -> others.getOrDefault(i, common.getDefaultCharsetCollation()))
        .boxed()
        .toList();
  }

  private String text(ColumnType type, int column, int collation) {
    int metadata = map.getColumnMetadata()[column];
    boolean isBinary = collation == BINARY;
    String name =
        switch (type) {
          case STRING -> (isBinary ? "BINARY(" : "CHAR(") + lengthOfString(metadata) + ")";
          case VARCHAR, VAR_STRING -> (isBinary ? "VARBINARY(" : "VARCHAR(") + metadata + ")";
          default -> isBinary ? "LONGBLOB" : "LONGTEXT";
        };
    @Nullable String charset = isBinary ? null : charsets.apply(collation);
    return charset == null ? name : name + " CHARACTER SET " + charset;
  }

  /** A length above 255 has its upper bits, inverted, among those of the type. */
  private static int lengthOfString(int metadata) {
    return (metadata & 0xff) | ((((metadata >> 8) & 0x30) ^ 0x30) << 4);
  }

  private String other(ColumnType type, int column) {
    int metadata = map.getColumnMetadata()[column];
    return switch (type) {
      case TINY -> "TINYINT" + sign(column);
      case SHORT -> "SMALLINT" + sign(column);
      case INT24 -> "MEDIUMINT" + sign(column);
      case LONG -> "INT" + sign(column);
      case LONGLONG -> "BIGINT" + sign(column);
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DECIMAL, NEWDECIMAL -> "DECIMAL(%d,%d)".formatted(metadata & 0xff, metadata >> 8);
      case DATE, NEWDATE -> "DATE";
      case TIME, TIME_V2 -> "TIME(%d)".formatted(metadata);
      case DATETIME, DATETIME_V2 -> "DATETIME(%d)".formatted(metadata);
      case TIMESTAMP, TIMESTAMP_V2 -> "TIMESTAMP(%d)".formatted(metadata);
      case YEAR -> "YEAR";
      case BIT -> "BIT(%d)".formatted((metadata >> 8) * 8 + (metadata & 0xff));
      case JSON -> "JSON";
      default -> "LONGBLOB"; // types that no column of an event can have
    };
  }

  private String sign(int column) {
    boolean isUnsigned = metadata.getSignedness() != null && metadata.getSignedness().get(column);
    return isUnsigned ? " UNSIGNED" : "";
  }
}
