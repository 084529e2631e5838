package io.sluice.writer.testkit;

/** The methods of a {@link java.sql.DatabaseMetaData} that need no database. */
record MemoryMetaData() {

  public boolean supportsSavepoints() {
    return true;
  }
}
