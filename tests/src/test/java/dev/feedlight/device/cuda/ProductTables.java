package dev.feedlight.device.cuda;

import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps measured tables of products in a folder of the test; afterwards it is as it was. */
public final class ProductTables implements BeforeEachCallback, AfterEachCallback {
  private final Supplier<Path> folder;
  private String before;

  /**
   * Tables of every test of a class.
   *
   * @param folder asked before each test, for example for its temporary folder; may be missing
   */
  public ProductTables(Supplier<Path> folder) {
    this.folder = folder;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    before = System.getProperty(ProductTableFile.FOLDER_PROPERTY);
    move(folder.get());
  }

  /** Another folder for the rest of the test. */
  static void move(Path folder) {
    System.setProperty(ProductTableFile.FOLDER_PROPERTY, folder.toString());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Properties all = System.getProperties();
    if (before == null) {
      all.remove(ProductTableFile.FOLDER_PROPERTY);
    } else {
      all.setProperty(ProductTableFile.FOLDER_PROPERTY, before);
    }
  }
}
