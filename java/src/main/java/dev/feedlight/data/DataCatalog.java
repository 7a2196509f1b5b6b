package dev.feedlight.data;

import java.net.URI;
import java.util.List;

/**
 * The data sets that can be fetched by name.
 *
 * @param entries each with a name of its own
 */
public record DataCatalog(List<CatalogEntry> entries) {
  private static final String GITHUB =
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/";

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if two are alike
   */
  public DataCatalog {
    entries = List.copyOf(entries);
    if (entries.stream().map(CatalogEntry::name).distinct().count() < entries.size()) {
      throw new IllegalArgumentException("two data sets have one name: " + names(entries));
    }
  }

  /**
   * Feedlight's own catalog: Fashion-MNIST.
   *
   * @return a catalog
   */
  public static DataCatalog standard() {
    return new DataCatalog(List.of(fashionMnist()));
  }

  /**
   * Finds a data set.
   *
   * @param name exactly as in the catalog
   * @return it
   * @throws DataException if there is none of this name
   */
  public CatalogEntry find(String name) {
    return entries.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "there is no data set '" + name + "' to fetch, only " + names(entries)));
  }

  private static List<String> names(List<CatalogEntry> entries) {
    return entries.stream().map(CatalogEntry::name).toList();
  }

  /**
   * Sizes and sums are those of the files whose MD5 the authors publish (README of
   * zalandoresearch/fashion-mnist); both places serve the same bytes.
   */
  private static CatalogEntry fashionMnist() {
    return new CatalogEntry(
        "fashion-mnist",
        "60000 training and 10000 test images of clothing, 28 x 28 grey, ten classes.",
        "MIT (Zalando SE)",
        URI.create("https://github.com/zalandoresearch/fashion-mnist"),
        List.of(
            part(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            part(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            part(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            part(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")));
  }

  private static RemoteFile part(String name, long bytes, String sha256) {
    return new RemoteFile(
        name,
        List.of(URI.create(FashionMnist.SOURCE + name), URI.create(GITHUB + name)),
        bytes,
        sha256);
  }
}
